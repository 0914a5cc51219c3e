/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.doctor;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The addresses of the store of a location: those spoken to, and those that are configured. */
final class Endpoints {
  private static final List<String> OPTIONS = List.of("endpoint_url", "endpoints");

  /** What the back ends read, by scheme. */
  private static final Map<String, List<String>> VARIABLES =
      Map.of(
          "s3", List.of("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "S3_ENDPOINT_URIS"),
          "az", List.of("AZURE_STORAGE_ENDPOINT"),
          "gs", List.of("STORAGE_EMULATOR_HOST"));

  private Endpoints() {}

  /**
   * All addresses, each once.
   *
   * @param spokenTo as {@code host:port}
   */
  static Collection<String> of(
      String scheme,
      Collection<String> spokenTo,
      Map<String, String> options,
      Map<String, String> environment) {
    Map<String, String> found = new TreeMap<>();
    spokenTo.forEach(endpoint -> found.put(endpoint, endpoint));
    List<String> configured = texts(OPTIONS, options).toList();
    if (configured.isEmpty()) {
      configured = texts(VARIABLES.getOrDefault(scheme, List.of()), environment).toList();
    }
    // A whole address says more than host and port: whether TLS is spoken.
    configured.forEach(endpoint -> found.put(hostAndPort(endpoint), endpoint));
    return found.values();
  }

  private static Stream<String> texts(List<String> names, Map<String, String> values) {
    return names.stream()
        .map(values::get)
        .filter(text -> text != null && !text.isBlank())
        .flatMap(text -> Arrays.stream(text.split(",")))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  private static String hostAndPort(String endpoint) {
    String address = endpoint.replaceFirst("^[A-Za-z]+://", "").replaceFirst("/.*", "");
    boolean port = address.matches(".*:\\d+");
    return port ? address : address + (endpoint.startsWith("https") ? ":443" : ":80");
  }
}
