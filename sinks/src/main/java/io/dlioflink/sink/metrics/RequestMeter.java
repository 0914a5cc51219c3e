/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.EndpointCounts;
import io.dlioflink.storage.RequestTelemetry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.annotation.Nullable;

/**
 * Turns what one storage measures of its requests into intervals. Does nothing where the storage
 * makes no requests. Not thread-safe.
 */
public final class RequestMeter {
  private final int rank;
  private final Traffic traffic;
  private final @Nullable RequestTelemetry telemetry;
  private Map<String, EndpointCounts> told = Map.of();

  /**
   * A meter that has told nothing yet.
   *
   * @param telemetry of the storage; empty if it makes no requests
   */
  public RequestMeter(int rank, Traffic traffic, Optional<RequestTelemetry> telemetry) {
    this.rank = rank;
    this.traffic = traffic;
    this.telemetry = telemetry.orElse(null);
  }

  /** What happened since the last call; empty if nothing did. */
  public Optional<RequestInterval> take(int pass) {
    if (telemetry == null) {
      return Optional.empty();
    }
    Map<String, EndpointCounts> now = telemetry.counts();
    if (now.equals(told)) {
      return Optional.empty();
    }
    Map<String, EndpointCounts> since = new HashMap<>();
    now.forEach(
        (endpoint, counts) -> {
          EndpointCounts before = told.getOrDefault(endpoint, EndpointCounts.ZERO);
          if (!counts.equals(before)) {
            since.put(endpoint, minus(counts, before));
          }
        });
    told = now;
    RequestTelemetry.Latencies latencies = telemetry.takeLatencies();
    return Optional.of(
        new RequestInterval(
            rank,
            traffic,
            pass,
            Map.of(
                Stage.CONNECT, latencies.connect(),
                Stage.REQUEST_FIRST_BYTE, latencies.firstByte(),
                Stage.BODY, latencies.body()),
            since));
  }

  private static EndpointCounts minus(EndpointCounts now, EndpointCounts before) {
    return new EndpointCounts(
        now.requests() - before.requests(),
        now.retries() - before.retries(),
        now.throttles() - before.throttles(),
        now.failures() - before.failures(),
        now.connections() - before.connections(),
        now.sentBytes() - before.sentBytes(),
        now.receivedBytes() - before.receivedBytes());
  }
}
