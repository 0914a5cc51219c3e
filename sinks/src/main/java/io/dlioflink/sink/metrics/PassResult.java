/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A rank has ended a pass.
 *
 * @param rank which rank
 * @param pass running number of the pass
 * @param startMicros wall clock, microseconds since 1970
 * @param endMicros wall clock
 * @param durationNanos by the monotonic clock
 * @param steps steps made
 * @param samples samples read
 * @param sampleBytes decoded bytes of them
 * @param storageBytes bytes storage delivered for them
 * @param coverage sum of the hashes of the sample ids
 * @param orderHash hash of the sequence of sample ids
 * @param requestedComputeNanos what emulated compute should have taken
 * @param meminfo {@code /proc/meminfo} at the start of the pass
 */
public record PassResult(
    int rank,
    int pass,
    long startMicros,
    long endMicros,
    long durationNanos,
    long steps,
    long samples,
    long sampleBytes,
    long storageBytes,
    long coverage,
    long orderHash,
    long requestedComputeNanos,
    Map<String, String> meminfo)
    implements MetricsRecord {
  public PassResult {
    // Keeps the order of the lines, which goes into the result files.
    meminfo = Collections.unmodifiableMap(new LinkedHashMap<>(meminfo));
  }

  /** The same without {@link #meminfo}, which is too large to keep for every pass. */
  PassResult withoutMeminfo() {
    return new PassResult(
        rank,
        pass,
        startMicros,
        endMicros,
        durationNanos,
        steps,
        samples,
        sampleBytes,
        storageBytes,
        coverage,
        orderHash,
        requestedComputeNanos,
        Map.of());
  }
}
