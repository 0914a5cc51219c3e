/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How long each stage of a request may take; noticed up to a quarter of a second late.
 *
 * @param connect to resolve the name, and then per address to an open connection
 * @param tls for the TLS handshake
 * @param write for a piece of the request, 1 MiB at most
 * @param firstByte from the request's last byte to the answer's first
 * @param body between bytes of the answer's head or body
 * @param request for all of it
 */
public record HttpTimeouts(
    Duration connect,
    Duration tls,
    Duration write,
    Duration firstByte,
    Duration body,
    Duration request) {

  /** 5 s to connect, 10 s for TLS, 30 s without progress, 15 min in all. */
  public static final HttpTimeouts DEFAULT =
      new HttpTimeouts(
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofMinutes(15));

  public HttpTimeouts {
    Map.of(
            "connect", connect,
            "tls", tls,
            "write", write,
            "firstByte", firstByte,
            "body", body,
            "request", request)
        .forEach(
            (name, value) -> {
              if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException(
                    "Time-out '%s' must be above 0: %s".formatted(name, value));
              }
            });
  }

  /** The shortest of all. */
  Duration shortest() {
    return List.of(connect, tls, write, firstByte, body, request).stream()
        .min(Duration::compareTo)
        .orElseThrow();
  }
}
