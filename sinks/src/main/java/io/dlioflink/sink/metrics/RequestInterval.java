/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.EndpointCounts;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * The requests a rank made to a network storage since its last interval.
 *
 * @param rank which rank
 * @param traffic what they were for
 * @param pass running number of the pass it was in; {@link #NO_PASS} outside of passes
 * @param latencies by stage, nanoseconds
 * @param endpoints what happened, by endpoint
 */
public record RequestInterval(
    int rank,
    Traffic traffic,
    int pass,
    Map<Stage, Histogram> latencies,
    Map<String, EndpointCounts> endpoints)
    implements MetricsRecord {
  /** Of requests that belong to no pass. */
  public static final int NO_PASS = -1;

  public RequestInterval {
    latencies = Map.copyOf(latencies);
    endpoints = Map.copyOf(endpoints);
  }
}
