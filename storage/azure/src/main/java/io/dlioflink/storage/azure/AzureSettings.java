/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code storage_options} and the environment say about {@code az://}, checked.
 *
 * @param account the account that locations belong to; without one, each location names its own
 * @param endpoint the blob endpoint of the account, without a trailing slash; without one, {@code
 *     https://ACCOUNT.blob.core.windows.net}
 * @param transfer sizes, numbers and time-outs of requests
 */
record AzureSettings(
    Optional<String> account,
    Optional<String> endpoint,
    AzureCredential credential,
    Transfer transfer) {

  /** Our own HTTP where it can sign, or the library alone. */
  enum Client {
    LEAN,
    SDK
  }

  /**
   * How requests are made.
   *
   * @param client what moves the bytes of blobs
   * @param blockBytes size of an uploaded block; what is not larger is uploaded in one request
   * @param blockConcurrency blocks of all writers on their way at a time
   * @param rangeBytes a read of more than this is split into ranges
   * @param rangeConcurrency ranges of one read on their way at a time
   * @param pageEntries blobs per page of a listing
   * @param maxConnections connections to the endpoint
   * @param maxAttempts of a request, the first included
   * @param timeout how long an attempt may take to its first byte, and a body may be silent
   * @param requestTimeout how long the body of an answer may take as a whole
   * @param connectTimeout how long a connection may take
   */
  record Transfer(
      Client client,
      int blockBytes,
      int blockConcurrency,
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
   * @throws IllegalArgumentException if one is wrong; the message names key, value unless secret,
   *     and what is allowed
   */
  static AzureSettings of(Map<String, String> options, Map<String, String> environment) {
    AzureOptions read = new AzureOptions(options, environment);
    Optional<String> endpoint = read.endpoint();
    Optional<String> account = read.accountName().or(() -> endpoint.flatMap(AzureSettings::owner));
    return new AzureSettings(account, endpoint, read.credential(), read.transfer());
  }

  /** The account an endpoint belongs to: the first label of its host, or its path. */
  private static Optional<String> owner(String endpoint) {
    URI uri = URI.create(endpoint);
    if (!isPlainHost(uri)) {
      return Optional.of(uri.getHost().substring(0, uri.getHost().indexOf('.')));
    }
    String path = uri.getPath().replaceFirst("^/", "");
    return path.isEmpty() ? Optional.empty() : Optional.of(path);
  }

  /** Whether the host does not hold the account's name: an address, or a name without dots. */
  private static boolean isPlainHost(URI endpoint) {
    String host = endpoint.getHost();
    return !host.contains(".") || host.startsWith("[") || host.matches("[0-9.]+");
  }

  /** The blob endpoint of an account. */
  String endpointOf(String name) {
    if (endpoint.isEmpty()) {
      return "https://" + name + ".blob.core.windows.net";
    }
    URI uri = URI.create(endpoint.get());
    // Emulators have the account in the path.
    boolean bare = isPlainHost(uri) && uri.getPath().isEmpty();
    return bare ? endpoint.get() + "/" + name : endpoint.get();
  }
}
