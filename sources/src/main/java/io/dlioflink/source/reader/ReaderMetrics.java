/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import io.dlioflink.storage.EndpointCounts;
import io.dlioflink.storage.RequestTelemetry;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Metrics of the sample reader, one set per rank, below the operator's scope {@code
 * <host>.taskmanager.<id>.<job>.Sample reader.<rank>}. All are gauges of the run so far.
 */
public final class ReaderMetrics {
  /** Samples read. */
  public static final String SAMPLES = "samples";

  /** Decoded bytes. */
  public static final String SAMPLE_BYTES = "sampleBytes";

  /** Bytes delivered by storage. */
  public static final String STORAGE_BYTES = "storageBytes";

  /** Of these, bytes that went past the page cache. */
  public static final String DIRECT_BYTES = "directBytes";

  /** Requests repeated after a failure. */
  public static final String RETRIES = "retries";

  /** Batches being read or waiting for the accelerator. */
  public static final String BATCHES_IN_FLIGHT = "batchesInFlight";

  /** Requests to a network storage, repeated ones included; like the following only there. */
  public static final String REQUESTS = "requests";

  /** Requests repeated because the server asked to slow down. */
  public static final String THROTTLES = "requestThrottles";

  /** Requests that got no answer. */
  public static final String FAILURES = "requestFailures";

  /** Connections made. */
  public static final String CONNECTIONS = "connections";

  /** Bytes sent. */
  public static final String SENT_BYTES = "sentBytes";

  /** Bytes received. */
  public static final String RECEIVED_BYTES = "receivedBytes";

  private ReaderMetrics() {}

  static void registerRequests(MetricGroup group, RequestTelemetry made) {
    gauge(group, REQUESTS, made, EndpointCounts::requests);
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
