/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

/**
 * A block of steps has ended.
 *
 * @param rank which rank
 * @param pass running number of the pass
 * @param block block within the pass, from 1
 * @param startMicros wall clock, microseconds since 1970
 * @param endMicros wall clock
 * @param durationNanos by the monotonic clock
 */
public record BlockResult(
    int rank, int pass, int block, long startMicros, long endMicros, long durationNanos)
    implements MetricsRecord {}
