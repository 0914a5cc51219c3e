/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

/**
 * How a rank met the others at the step barrier in one pass.
 *
 * @param rank which
 * @param pass which
 * @param count how often
 * @param last how often it was the last of all
 * @param heldUpNanos time that the others waited for it alone
 * @param serverFrames messages that all ranks together exchanged with the job manager's barrier
 *     server
 * @param serverBytes bytes of them
 */
public record RankMeetings(
    int rank,
    int pass,
    long count,
    long last,
    long heldUpNanos,
    long serverFrames,
    long serverBytes)
    implements MetricsRecord {}
