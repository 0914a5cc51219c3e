/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.IoCounts;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a reader did since its last interval.
 *
 * @param rank which rank
 * @param pass running number of the pass it was in
 * @param latencies by stage, nanoseconds
 * @param total bytes by I/O mode since the start of the run
 */
public record ReadInterval(int rank, int pass, Map<Stage, Histogram> latencies, IoCounts total)
    implements MetricsRecord {
  public ReadInterval {
    latencies = Map.copyOf(latencies);
  }
}
