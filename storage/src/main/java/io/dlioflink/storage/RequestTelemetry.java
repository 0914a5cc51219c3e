/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * What a storage that is reached over a network measures of its requests. Threads that make
 * requests never wait for the one that looks. Memory is constant in their number.
 */
public final class RequestTelemetry {
  private static final int SIGNIFICANT_DIGITS = 3;

  private final Recorder connect = new Recorder(SIGNIFICANT_DIGITS);
  private final Recorder firstByte = new Recorder(SIGNIFICANT_DIGITS);
  private final Recorder body = new Recorder(SIGNIFICANT_DIGITS);
  private final Map<String, Sums> endpoints = new ConcurrentHashMap<>();

  private static final class Sums {
    final LongAdder requests = new LongAdder();
    final LongAdder retries = new LongAdder();
    final LongAdder throttles = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder connections = new LongAdder();
    final LongAdder sentBytes = new LongAdder();
    final LongAdder receivedBytes = new LongAdder();
  }

  /** A connection was made, TLS included. */
  public void connected(String endpoint, long nanos) {
    sums(endpoint).connections.increment();
    connect.recordValue(Math.max(0, nanos));
  }

  /** A connection was made; how long it took is not known, and is part of the first byte's time. */
  public void connected(String endpoint) {
    sums(endpoint).connections.increment();
  }

  /** An attempt got an answer, good or bad: its first byte, counted from the first byte sent. */
  public void answered(String endpoint, long firstByteNanos) {
    sums(endpoint).requests.increment();
    firstByte.recordValue(Math.max(0, firstByteNanos));
  }

  /** An attempt got no answer. */
  public void failed(String endpoint) {
    Sums sums = sums(endpoint);
    sums.requests.increment();
    sums.failures.increment();
  }

  /** The body of an answer was received to its end, or that of a request sent. */
  public void transferred(long bodyNanos) {
    body.recordValue(Math.max(0, bodyNanos));
  }

  /** Bytes on the wire, headers included if the client sees them, before encryption. */
  public void moved(String endpoint, long sentBytes, long receivedBytes) {
    Sums sums = sums(endpoint);
    sums.sentBytes.add(sentBytes);
    sums.receivedBytes.add(receivedBytes);
  }

  /**
   * An attempt is to be repeated.
   *
   * @param throttled whether the server asked to slow down
   */
  public void retried(String endpoint, boolean throttled) {
    Sums sums = sums(endpoint);
    sums.retries.increment();
    if (throttled) {
      sums.throttles.increment();
    }
  }

  private Sums sums(String endpoint) {
    Sums known = endpoints.get(endpoint);
    return known == null ? endpoints.computeIfAbsent(endpoint, name -> new Sums()) : known;
  }

  /** What happened so far, by endpoint ({@code host:port}), in their order. */
  public Map<String, EndpointCounts> counts() {
    Map<String, EndpointCounts> counts = new TreeMap<>();
    endpoints.forEach(
        (endpoint, sums) ->
            counts.put(
                endpoint,
                new EndpointCounts(
                    sums.requests.sum(),
                    sums.retries.sum(),
                    sums.throttles.sum(),
                    sums.failures.sum(),
                    sums.connections.sum(),
                    sums.sentBytes.sum(),
                    sums.receivedBytes.sum())));
    return counts;
  }

  /** Requests repeated so far. */
  public long retries() {
    return endpoints.values().stream().mapToLong(sums -> sums.retries.sum()).sum();
  }

  /**
   * How long the stages of requests took since the last call, nanoseconds.
   *
   * @param connect per connection: to an open one, TLS included
   * @param firstByte per attempt: from the first byte sent to the first received
   * @param body per transfer: from the first byte of a body to its last
   */
  public record Latencies(Histogram connect, Histogram firstByte, Histogram body) {}

  /** The latencies since the last call; by one caller at a time. */
  public Latencies takeLatencies() {
    return new Latencies(
        connect.getIntervalHistogram(),
        firstByte.getIntervalHistogram(),
        body.getIntervalHistogram());
  }
}
