/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of an {@link HttpClient}.
 *
 * @param timeouts of the stages of a request
 * @param maxIdleConnections kept open per endpoint while unused
 * @param idleLimit how long a connection stays open unused
 * @param maxAge after which a connection is not used again, so that changes of addresses are seen
 * @param maxHeadBytes of an answer's status line and headers; of trailers likewise
 * @param maxHeaders of an answer
 * @param caBundle PEM file of the certificate authorities to trust instead of the JDK's
 */
public record HttpOptions(
    HttpTimeouts timeouts,
    int maxIdleConnections,
    Duration idleLimit,
    Duration maxAge,
    int maxHeadBytes,
    int maxHeaders,
    Optional<Path> caBundle) {

  /** 1024 idle connections for 20 s, 10 minutes of age, heads of 100 headers and 16 KiB. */
  public static final HttpOptions DEFAULT =
      new HttpOptions(
          HttpTimeouts.DEFAULT,
          1024,
          Duration.ofSeconds(20),
          Duration.ofMinutes(10),
          16 << 10,
          100,
          Optional.empty());

  public HttpOptions {
    if (maxIdleConnections < 0) {
      throw new IllegalArgumentException("Negative maxIdleConnections: " + maxIdleConnections);
    }
    if (maxHeadBytes < 1024 || maxHeaders < 1) {
      throw new IllegalArgumentException(
          "maxHeadBytes must be 1024 or more and maxHeaders 1 or more: %d, %d"
              .formatted(maxHeadBytes, maxHeaders));
    }
  }

  /** These with other time-outs. */
  public HttpOptions withTimeouts(HttpTimeouts other) {
    return new HttpOptions(
        other, maxIdleConnections, idleLimit, maxAge, maxHeadBytes, maxHeaders, caBundle);
  }

  /** These with another life of connections. */
  public HttpOptions withConnections(int maxIdle, Duration idle, Duration age) {
    return new HttpOptions(timeouts, maxIdle, idle, age, maxHeadBytes, maxHeaders, caBundle);
  }

  /** These with other certificate authorities. */
  public HttpOptions withCaBundle(Path pem) {
    return new HttpOptions(
        timeouts,
        maxIdleConnections,
        idleLimit,
        maxAge,
        maxHeadBytes,
        maxHeaders,
        Optional.of(pem));
  }
}
