/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.EndpointCounts;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Bytes of a {@link RequestInterval}. */
final class RequestCodec {
  private RequestCodec() {}

  static void write(DataOutputStream out, RequestInterval interval) throws IOException {
    out.writeInt(interval.rank());
    out.writeUTF(interval.traffic().name());
    out.writeInt(interval.pass());
    MetricsCodec.histograms(out, interval.latencies());
    out.writeInt(interval.endpoints().size());
    for (Map.Entry<String, EndpointCounts> endpoint : interval.endpoints().entrySet()) {
      out.writeUTF(endpoint.getKey());
      EndpointCounts counts = endpoint.getValue();
      out.writeLong(counts.requests());
      out.writeLong(counts.retries());
      out.writeLong(counts.throttles());
      out.writeLong(counts.failures());
      out.writeLong(counts.connections());
      out.writeLong(counts.sentBytes());
      out.writeLong(counts.receivedBytes());
    }
  }

  static RequestInterval read(DataInputStream in) throws IOException {
    return new RequestInterval(
        in.readInt(),
        Traffic.valueOf(in.readUTF()),
        in.readInt(),
        MetricsCodec.histograms(in),
        endpoints(in));
  }

  private static Map<String, EndpointCounts> endpoints(DataInputStream in) throws IOException {
    Map<String, EndpointCounts> endpoints = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      endpoints.put(
          in.readUTF(),
          new EndpointCounts(
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong()));
    }
    return endpoints;
  }
}
