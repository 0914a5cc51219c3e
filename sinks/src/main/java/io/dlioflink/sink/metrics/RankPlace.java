/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

/**
 * Where a rank runs.
 *
 * @param rank which
 * @param worker its worker process
 * @param waitedNanos how long it had been registered when the last rank was
 */
public record RankPlace(int rank, Worker worker, long waitedNanos) implements MetricsRecord {}
