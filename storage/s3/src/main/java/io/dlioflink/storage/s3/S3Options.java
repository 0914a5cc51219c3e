/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads single options, and answers for what is wrong with them: a message names the option, its
 * value unless that is a secret, and what is allowed.
 */
final class S3Options {
  static final String ACCESS_KEY_ID = "access_key_id";
  static final String SECRET_ACCESS_KEY = "secret_access_key";
  static final String SESSION_TOKEN = "session_token";
  static final String PROFILE = "profile";
  static final String ANONYMOUS = "s3_anonymous";
  static final String REGION = "region";
  static final String ENDPOINT_URL = "endpoint_url";
  static final String ENDPOINTS = "endpoints";
  static final String LOAD_BALANCE = "load_balance_strategy";
  static final String FORCE_PATH_STYLE = "s3_force_path_style";
  static final String MAX_ATTEMPTS = "s3_max_attempts";
  static final String CLIENT = "s3_client";
  static final String CLIENT_SHORT = "client";
  static final String CHECKSUMS = "s3_checksums";
  static final String MAX_CONNECTIONS = "s3_max_connections";
  static final String CONNECT_TIMEOUT = "s3_connect_timeout_seconds";
  static final String ANSWER_TIMEOUT = "s3_answer_timeout_seconds";
  static final String REQUEST_TIMEOUT = "s3_request_timeout_seconds";
  static final String CA_BUNDLE = "ca_bundle";
  static final String READ_SPLIT = "s3_read_split_mib";
  static final String READ_PART = "s3_read_part_mib";
  static final String WRITE_PART = "s3_write_part_mib";
  static final String WRITE_BUFFER = "s3_write_buffer_mib";
  static final String THREADS = "s3_transfer_threads";

  private static final List<String> NAMES =
      List.of(
          ACCESS_KEY_ID,
          SECRET_ACCESS_KEY,
          SESSION_TOKEN,
          PROFILE,
          ANONYMOUS,
          REGION,
          ENDPOINT_URL,
          ENDPOINTS,
          LOAD_BALANCE,
          FORCE_PATH_STYLE,
          MAX_ATTEMPTS,
          CLIENT,
          CLIENT_SHORT,
          CHECKSUMS,
          MAX_CONNECTIONS,
          CONNECT_TIMEOUT,
          ANSWER_TIMEOUT,
          REQUEST_TIMEOUT,
          CA_BUNDLE,
          READ_SPLIT,
          READ_PART,
          WRITE_PART,
          WRITE_BUFFER,
          THREADS);
  // A workload has one set of options, and may use other back ends beside this one.
  private static final List<String> PREFIXES_OF_OTHERS =
      List.of("az_", "azure_", "account_", "gs_", "gcs_", "google_");

  private final Map<String, String> options;
  private final Map<String, String> environment;

  /**
   * Takes options that are all known.
   *
   * @throws IllegalArgumentException if one is not; the message names those that are
   */
  S3Options(Map<String, String> options, Map<String, String> environment) {
    this.options = options;
    this.environment = environment;
    for (String name : new TreeSet<>(options.keySet())) {
      if (!NAMES.contains(name) && PREFIXES_OF_OTHERS.stream().noneMatch(name::startsWith)) {
        throw new IllegalArgumentException(
            "Unknown storage option '%s' for s3://; known are %s"
                .formatted(name, String.join(", ", new TreeSet<>(NAMES))));
      }
    }
  }

  /** An option as it is, from the first of these names that is set and not empty. */
  Optional<String> text(String... names) {
    return Arrays.stream(names)
        .map(options::get)
        .filter(value -> value != null && !value.isBlank())
        .map(String::strip)
        .findFirst();
  }

  /** A variable of the environment, likewise. */
  Optional<String> variable(String... names) {
    return Arrays.stream(names)
        .map(environment::get)
        .filter(value -> value != null && !value.isBlank())
        .map(String::strip)
        .findFirst();
  }

  Optional<Boolean> flag(String name) {
    return text(name)
        .map(
            value ->
                switch (value.toLowerCase(Locale.ROOT)) {
                  case "true", "yes", "on", "1" -> true;
                  case "false", "no", "off", "0" -> false;
                  default -> throw bad(name, value, "true or false");
                });
  }

  Optional<Integer> number(String name, int min, int max) {
    return text(name)
        .map(
            value -> {
              try {
                int number = Integer.parseInt(value);
                if (number >= min && number <= max) {
                  return number;
                }
              } catch (NumberFormatException e) {
                throw bad(name, value, "a whole number from %d to %d".formatted(min, max));
              }
              throw bad(name, value, "a whole number from %d to %d".formatted(min, max));
            });
  }

  /** One of the names of an enum, in lower case. */
  static <E extends Enum<E>> E choice(String name, String value, Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> word(constant).equals(value.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                bad(
                    name,
                    value,
                    Arrays.stream(type.getEnumConstants())
                        .map(S3Options::word)
                        .collect(Collectors.joining(" or "))));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** What a parser makes of it. */
  static <T> T parsed(String name, String value, Function<String, T> parser) {
    try {
      return parser.apply(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Storage option '%s': cannot use '%s', %s".formatted(name, masked(value), e.getMessage()),
          e);
    }
  }

  // A password may stand before the host.
  private static String masked(String url) {
    return url.replaceAll("//[^/]*@", "//***@");
  }

  static IllegalArgumentException bad(String name, String value, String allowed) {
    return new IllegalArgumentException(
        "Storage option '%s': cannot use '%s', expected %s".formatted(name, value, allowed));
  }
}
