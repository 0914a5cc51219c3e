/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

/**
 * Where a rank stands; everything is counted from the start of the run.
 *
 * @param rank which rank
 * @param micros wall clock, microseconds since 1970
 * @param epoch under way; 0 before the first
 * @param steps made
 * @param samples read, prefetched ones included
 * @param sampleBytes decoded bytes of them
 * @param storageBytes bytes storage delivered for them
 * @param waitNanos waiting for batches, steps under way not included
 * @param computeNanos emulated compute, likewise
 * @param elapsedNanos all time of steps, likewise
 */
public record RankSample(
    int rank,
    long micros,
    int epoch,
    long steps,
    long samples,
    long sampleBytes,
    long storageBytes,
    long waitNanos,
    long computeNanos,
    long elapsedNanos)
    implements MetricsRecord {}
