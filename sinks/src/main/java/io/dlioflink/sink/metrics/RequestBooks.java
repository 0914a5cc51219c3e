/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dlioflink.storage.EndpointCounts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What is known of the requests of all ranks, by what they were for and by endpoint. Empty where no
 * storage makes requests; then nothing of it is shown.
 */
final class RequestBooks {
  private static final int SIGNIFICANT_DIGITS = 3;

  private final Map<Traffic, Map<String, EndpointCounts>> endpoints = new EnumMap<>(Traffic.class);
  private final Map<Traffic, Map<Stage, Histogram>> latencies = new EnumMap<>(Traffic.class);

  void accept(RequestInterval interval) {
    Map<String, EndpointCounts> counts =
        endpoints.computeIfAbsent(interval.traffic(), traffic -> new TreeMap<>());
    interval
        .endpoints()
        .forEach((endpoint, since) -> counts.merge(endpoint, since, EndpointCounts::plus));
    Map<Stage, Histogram> stages =
        latencies.computeIfAbsent(interval.traffic(), traffic -> new EnumMap<>(Stage.class));
    interval
        .latencies()
        .forEach(
            (stage, times) ->
                stages
                    .computeIfAbsent(stage, name -> new Histogram(SIGNIFICANT_DIGITS))
                    .add(times));
  }

  /** Whether bytes of this kind went over the network. */
  boolean has(Traffic traffic) {
    return endpoints.containsKey(traffic);
  }

  private static EndpointCounts sum(Map<String, EndpointCounts> counts) {
    return counts.values().stream().reduce(EndpointCounts.ZERO, EndpointCounts::plus);
  }

  /** That requests were repeated, if they were: their times are part of the figures. */
  List<String> notices() {
    List<String> notices = new ArrayList<>();
    endpoints.forEach(
        (traffic, counts) -> {
          EndpointCounts sum = sum(counts);
          if (sum.retries() > 0) {
            notices.add(
                "%d of %d requests (%s) were repeated, %d of them because the server asked to slow down; what they cost is part of the figures"
                    .formatted(
                        sum.retries(), sum.requests(), traffic.reportName(), sum.throttles()));
          }
        });
    return notices;
  }

  /** A line for each kind, and for each endpoint if there are several. */
  void highlights(Map<String, String> highlights) {
    endpoints.forEach(
        (traffic, counts) -> {
          highlights.put("Requests, " + traffic.reportName(), line(sum(counts)));
          if (counts.size() > 1) {
            counts.forEach((endpoint, one) -> highlights.put("  " + endpoint, line(one)));
          }
        });
  }

  private static String line(EndpointCounts counts) {
    return "%d, %d retries, %d throttles, %d failures, %d connections, %s sent, %s received"
        .formatted(
            counts.requests(),
            counts.retries(),
            counts.throttles(),
            counts.failures(),
            counts.connections(),
            Sizes.bytes(counts.sentBytes()),
            Sizes.bytes(counts.receivedBytes()));
  }

  /** Adds the figures of each kind and endpoint. */
  void addTo(SummaryCsv csv) {
    endpoints.forEach(
        (traffic, counts) -> {
          String scope = traffic.reportName() + " requests";
          latencies
              .get(traffic)
              .forEach((stage, times) -> csv.addLatency(scope, stage, LatencySummary.of(times)));
          counts.forEach(
              (endpoint, one) -> {
                String of = scope + " " + endpoint;
                csv.add(of, "requests", one.requests(), "requests")
                    .add(of, "retries", one.retries(), "requests")
                    .add(of, "throttles", one.throttles(), "requests")
                    .add(of, "failures", one.failures(), "requests")
                    .add(of, "connections", one.connections(), "connections")
                    .add(of, "sent_bytes", one.sentBytes(), "bytes")
                    .add(of, "received_bytes", one.receivedBytes(), "bytes");
              });
        });
  }

  /** Writes the field {@code requests}, if there were any. */
  void write(JsonGenerator json) throws IOException {
    if (endpoints.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart("requests");
    for (Map.Entry<Traffic, Map<String, EndpointCounts>> kind : endpoints.entrySet()) {
      json.writeObjectFieldStart(kind.getKey().reportName());
      json.writeObjectFieldStart("latency");
      for (Map.Entry<Stage, Histogram> stage : latencies.get(kind.getKey()).entrySet()) {
        LatencySummary.write(json, stage.getKey().reportName(), stage.getValue());
      }
      json.writeEndObject();
      json.writeArrayFieldStart("endpoints");
      for (Map.Entry<String, EndpointCounts> endpoint : kind.getValue().entrySet()) {
        write(json, endpoint.getKey(), endpoint.getValue());
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String endpoint, EndpointCounts counts)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("endpoint", endpoint);
    json.writeNumberField("requests", counts.requests());
    json.writeNumberField("retries", counts.retries());
    json.writeNumberField("throttles", counts.throttles());
    json.writeNumberField("failures", counts.failures());
    json.writeNumberField("connections", counts.connections());
    json.writeNumberField("sent_bytes", counts.sentBytes());
    json.writeNumberField("received_bytes", counts.receivedBytes());
    json.writeEndObject();
  }
}
