/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * All that can be set, from options, environment and defaults; {@link S3Options} has the names.
 *
 * @param client which code moves the bytes of objects
 * @param identity who makes the requests
 * @param region that requests are signed for, e.g. {@code us-east-1}
 * @param endpoints at least one
 * @param loadBalance how a request finds its endpoint
 * @param forcePathStyle as the user set it; else it depends on the endpoint, see {@link
 *     Endpoint#usesPathStyle}
 * @param maxAttempts of a request, the first included; 1 or more
 * @param checksums whether requests carry checksums and answers are checked
 * @param connections limits on these
 * @param caBundle PEM file of the authorities to trust instead of Java's
 * @param reading of large pieces
 * @param writing of large objects
 * @param transferThreads that move ranges and parts, for all reads and writes together
 */
record S3Settings(
    Client client,
    Identity identity,
    String region,
    List<Endpoint> endpoints,
    LoadBalance loadBalance,
    Optional<Boolean> forcePathStyle,
    int maxAttempts,
    Checksums checksums,
    Connections connections,
    Optional<Path> caBundle,
    Reading reading,
    Writing writing,
    int transferThreads) {

  S3Settings {
    endpoints = List.copyOf(endpoints);
  }

  /** Which code moves the bytes of objects. */
  enum Client {
    /** Ours: signed HTTP/1.1 into the caller's buffer. */
    LEAN,
    /** The AWS SDK. */
    SDK
  }

  /** How a request finds its endpoint. */
  enum LoadBalance {
    /** One after the other. */
    ROUND_ROBIN,
    /** The one with the fewest requests under way. */
    LEAST_CONNECTIONS
  }

  /** Whether requests carry checksums (CRC-32) and answers are checked. */
  enum Checksums {
    /** Only where the protocol demands it; old stores know nothing else. */
    WHEN_REQUIRED,
    /** Wherever the protocol allows it. */
    WHEN_SUPPORTED
  }

  /**
   * Limits on connections.
   *
   * @param max open at once to all endpoints
   * @param connectTimeout to an open connection, TLS included
   * @param answerTimeout without a byte from the server
   * @param requestTimeout for an attempt as a whole, bodies included
   */
  record Connections(
      int max, Duration connectTimeout, Duration answerTimeout, Duration requestTimeout) {}

  /**
   * How large pieces are read.
   *
   * @param splitFromBytes a read of this size is split
   * @param partBytes size of the ranges it is split into
   */
  record Reading(int splitFromBytes, int partBytes) {}

  /**
   * How large objects are written.
   *
   * @param partBytes size of the parts; else it grows with the object
   * @param bufferBytes memory for parts on their way, for all writers together
   */
  record Writing(OptionalInt partBytes, long bufferBytes) {}

  /** Who makes the requests. */
  sealed interface Identity {
    /**
     * Keys that were given. Never printed.
     *
     * @param sessionToken of keys that expire
     */
    record Keys(String accessKeyId, String secretAccessKey, Optional<String> sessionToken)
        implements Identity {
      @Override
      public String toString() {
        return "Keys[hidden]";
      }
    }

    /**
     * What the SDK finds.
     *
     * @param profile of the files in {@code ~/.aws}; else all places that the SDK knows
     * @param credentialsFile instead of {@code ~/.aws/credentials}
     * @param configFile instead of {@code ~/.aws/config}
     */
    record Found(
        Optional<String> profile, Optional<Path> credentialsFile, Optional<Path> configFile)
        implements Identity {}

    /** Nobody: requests are not signed. */
    record Anonymous() implements Identity {}
  }
}
