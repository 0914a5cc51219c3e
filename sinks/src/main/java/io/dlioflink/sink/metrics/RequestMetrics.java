/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.EndpointCounts;
import io.dlioflink.storage.RequestTelemetry;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Metrics of requests to a network storage, one set per rank, below the scope of the operator that
 * makes them; those of checkpoints in the group {@code checkpoints}. All are gauges of the run so
 * far. Storages that make no requests have none.
 */
public final class RequestMetrics {
  /** Attempts made, repeated ones included. */
  public static final String REQUESTS = "requests";

  /** Of these, repetitions. */
  public static final String RETRIES = "requestRetries";

  /** Of these, because the server asked to slow down. */
  public static final String THROTTLES = "requestThrottles";

  /** Attempts that got no answer. */
  public static final String FAILURES = "requestFailures";

  /** Connections made. */
  public static final String CONNECTIONS = "connections";

  /** Bytes sent. */
  public static final String SENT_BYTES = "sentBytes";

  /** Bytes received. */
  public static final String RECEIVED_BYTES = "receivedBytes";

  private RequestMetrics() {}

  /** Shows them in a group. */
  public static void register(MetricGroup group, RequestTelemetry made) {
    gauge(group, REQUESTS, made, EndpointCounts::requests);
    gauge(group, RETRIES, made, EndpointCounts::retries);
    gauge(group, THROTTLES, made, EndpointCounts::throttles);
    gauge(group, FAILURES, made, EndpointCounts::failures);
    gauge(group, CONNECTIONS, made, EndpointCounts::connections);
    gauge(group, SENT_BYTES, made, EndpointCounts::sentBytes);
    gauge(group, RECEIVED_BYTES, made, EndpointCounts::receivedBytes);
  }

  private static void gauge(
      MetricGroup group, String name, RequestTelemetry made, ToLongFunction<EndpointCounts> what) {
    group.gauge(name, (Gauge<Long>) () -> made.counts().values().stream().mapToLong(what).sum());
  }
}
