/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@code storage_options} and the environment say about {@code gs://}, checked. Holds no
 * secret: credentials are in a file, or come from where Google's libraries look.
 *
 * @param endpoint where requests go instead of Google, without a trailing slash
 * @param credentialsFile a service account's or user's credentials, JSON; without one, those of the
 *     environment are used, and none at all if there is an endpoint
 * @param project the project that requests are made for
 * @param transfer sizes, numbers and time-outs of requests
 */
record GcsSettings(
    Optional<String> endpoint,
    Optional<String> credentialsFile,
    Optional<String> project,
    Transfer transfer) {
  static final String CREDENTIALS_FILE = "credentials_file";
  static final String ENDPOINT_URL = "endpoint_url";
  static final String PROJECT = "project";
  static final String CHUNK_BYTES = "gs_chunk_bytes";
  static final String RANGE_BYTES = "gs_range_bytes";
  static final String RANGE_CONCURRENCY = "gs_range_concurrency";
  static final String PAGE_ENTRIES = "gs_page_entries";
  static final String MAX_CONNECTIONS = "gs_max_connections";
  static final String MAX_ATTEMPTS = "gs_max_attempts";
  static final String TIMEOUT_SECONDS = "gs_timeout_seconds";
  static final String REQUEST_TIMEOUT_SECONDS = "gs_request_timeout_seconds";
  static final String CONNECT_TIMEOUT_SECONDS = "gs_connect_timeout_seconds";

  /** Chunks of a resumable upload must be a multiple of this. */
  static final int CHUNK_UNIT_BYTES = 256 * 1024;

  private static final int MIB = 1024 * 1024;

  /** Options of other storages may stand beside ours; what begins like these is meant for us. */
  private static final List<String> OUR_PREFIXES = List.of("gs_", "gcs_", "credentials_");

  private static final Set<String> KEYS =
      Set.of(
          CREDENTIALS_FILE,
          ENDPOINT_URL,
          PROJECT,
          CHUNK_BYTES,
          RANGE_BYTES,
          RANGE_CONCURRENCY,
          PAGE_ENTRIES,
          MAX_CONNECTIONS,
          MAX_ATTEMPTS,
          TIMEOUT_SECONDS,
          REQUEST_TIMEOUT_SECONDS,
          CONNECT_TIMEOUT_SECONDS);

  /**
   * How requests are made.
   *
   * @param chunkBytes what is not larger is uploaded in one request, the rest in chunks of this
   * @param rangeBytes a read of more than this is split into ranges
   * @param rangeConcurrency ranges of all reads on their way at a time, the first of each not
   *     counted
   * @param pageEntries objects per page of a listing
   * @param maxConnections connections to the endpoint
   * @param maxAttempts of a request, the first included
   * @param timeout how long the server may be silent
   * @param requestTimeout how long an attempt may take as a whole, bodies included
   * @param connectTimeout how long a connection may take
   */
  record Transfer(
      int chunkBytes,
      int rangeBytes,
      int rangeConcurrency,
      int pageEntries,
      int maxConnections,
      int maxAttempts,
      Duration timeout,
      Duration requestTimeout,
      Duration connectTimeout) {}

  /**
   * Reads the settings.
   *
   * @throws IllegalArgumentException if one is wrong; the message names key, value and what is
   *     allowed
   */
  static GcsSettings of(Map<String, String> options, Map<String, String> environment) {
    for (String key : options.keySet()) {
      if (!KEYS.contains(key) && OUR_PREFIXES.stream().anyMatch(key::startsWith)) {
        throw new IllegalArgumentException(
            "%s is no option of gs:// (allowed: %s)"
                .formatted(named(key), String.join(", ", new TreeSet<>(KEYS))));
      }
    }
    return new GcsSettings(
        value(options, ENDPOINT_URL)
            .map(text -> checkedEndpoint(named(ENDPOINT_URL), text))
            .or(
                () ->
                    value(environment, "STORAGE_EMULATOR_HOST")
                        .map(text -> text.contains("://") ? text : "http://" + text)
                        .map(text -> checkedEndpoint("STORAGE_EMULATOR_HOST", text))),
        value(options, CREDENTIALS_FILE)
            .or(() -> value(environment, "GOOGLE_APPLICATION_CREDENTIALS")),
        value(options, PROJECT)
            .or(() -> value(environment, "GOOGLE_CLOUD_PROJECT"))
            .or(() -> value(environment, "GCLOUD_PROJECT")),
        transfer(options));
  }

  private static Transfer transfer(Map<String, String> options) {
    int chunkBytes = number(options, CHUNK_BYTES, 16 * MIB, CHUNK_UNIT_BYTES, 1024 * MIB);
    if (chunkBytes % CHUNK_UNIT_BYTES != 0) {
      throw new IllegalArgumentException(
          "%s is '%d' (allowed: a multiple of %d)"
              .formatted(named(CHUNK_BYTES), chunkBytes, CHUNK_UNIT_BYTES));
    }
    return new Transfer(
        chunkBytes,
        number(options, RANGE_BYTES, 8 * MIB, 64 * 1024, 1024 * MIB),
        number(options, RANGE_CONCURRENCY, 8, 1, 1024),
        number(options, PAGE_ENTRIES, 1000, 1, 5000),
        number(options, MAX_CONNECTIONS, 256, 1, 100_000),
        number(options, MAX_ATTEMPTS, 6, 1, 100),
        Duration.ofSeconds(number(options, TIMEOUT_SECONDS, 60, 1, 3600)),
        Duration.ofSeconds(number(options, REQUEST_TIMEOUT_SECONDS, 600, 1, 86_400)),
        Duration.ofSeconds(number(options, CONNECT_TIMEOUT_SECONDS, 10, 1, 3600)));
  }

  private static String checkedEndpoint(String source, String text) {
    try {
      URI uri = URI.create(text.replaceFirst("/+$", ""));
      if (List.of("http", "https").contains(String.valueOf(uri.getScheme()))
          && uri.getHost() != null
          && uri.getQuery() == null
          && uri.getUserInfo() == null) {
        return uri.toString();
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "%s is not an endpoint (allowed: http://HOST:PORT or https://HOST, without user or query)"
            .formatted(source));
  }

  private static int number(
      Map<String, String> options, String key, int standard, int least, int most) {
    Optional<String> text = value(options, key);
    if (text.isEmpty()) {
      return standard;
    }
    try {
      int value = Integer.parseInt(text.get());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "%s is '%s' (allowed: a whole number from %d to %d)"
            .formatted(named(key), text.get(), least, most));
  }

  private static Optional<String> value(Map<String, String> values, String key) {
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isBlank());
  }

  private static String named(String key) {
    return "storage.storage_options." + key;
  }
}
