/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The parts of a storage connection string. */
final class ConnectionString {
  /** Azurite's account; published by its documentation, no secret. */
  private static final String DEVELOPMENT =
      "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErC"
          + "z4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1";

  private final Map<String, String> parts;

  private ConnectionString(Map<String, String> parts) {
    this.parts = parts;
  }

  /**
   * Takes it apart.
   *
   * @param source the key or variable it comes from, for messages
   * @throws IllegalArgumentException if it is none; the message does not hold it
   */
  static ConnectionString parse(String source, String text) {
    Map<String, String> parts = new LinkedHashMap<>();
    int number = 0;
    for (String part : text.trim().split(";", -1)) {
      number++;
      if (part.isBlank()) {
        continue;
      }
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException(
            ("%s is not a connection string: part %d has no '=' (expected"
                    + " AccountName=...;AccountKey=...;EndpointSuffix=core.windows.net)")
                .formatted(source, number));
      }
      parts.put(part.substring(0, equals).trim(), part.substring(equals + 1).trim());
    }
    if ("true".equalsIgnoreCase(parts.get("UseDevelopmentStorage"))) {
      return parse(source, DEVELOPMENT);
    }
    return new ConnectionString(parts);
  }

  Optional<String> accountName() {
    return part("AccountName");
  }

  Optional<String> accountKey() {
    return part("AccountKey");
  }

  Optional<String> sharedAccessSignature() {
    return part("SharedAccessSignature");
  }

  /** The blob endpoint, as given or as made of protocol, account and suffix. */
  Optional<String> endpoint() {
    if (part("BlobEndpoint").isPresent()) {
      return part("BlobEndpoint");
    }
    return accountName()
        .map(
            name ->
                "%s://%s.blob.%s"
                    .formatted(
                        part("DefaultEndpointsProtocol").orElse("https"),
                        name,
                        part("EndpointSuffix").orElse("core.windows.net")));
  }

  private Optional<String> part(String name) {
    return Optional.ofNullable(parts.get(name)).filter(value -> !value.isEmpty());
  }
}
