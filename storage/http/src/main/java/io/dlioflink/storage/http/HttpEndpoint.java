/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.net.URI;
import java.util.Locale;

/**
 * Where requests go.
 *
 * @param host a name or an address; an IPv6 address without brackets
 * @param port 1 to 65535
 * @param tls whether the connection is encrypted
 * @param name under which it stands in counts and messages
 */
public record HttpEndpoint(String host, int port, boolean tls, String name) {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  public HttpEndpoint {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("An endpoint needs a host");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("Port of %s is not 1 to 65535: %d".formatted(host, port));
    }
    host = plain(host);
  }

  /** An endpoint under the name {@code host:port}. */
  public HttpEndpoint(String host, int port, boolean tls) {
    this(host, port, tls, bracketed(plain(host)) + ":" + port);
  }

  /**
   * The endpoint of {@code http://host[:port]} or {@code https://host[:port]}; a path is ignored.
   *
   * @throws IllegalArgumentException for another scheme, or without a host
   */
  public static HttpEndpoint of(URI uri) {
    boolean tls = "https".equalsIgnoreCase(uri.getScheme());
    if ((!tls && !"http".equalsIgnoreCase(uri.getScheme())) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "Not http://host[:port] or https://host[:port]: scheme %s, host %s"
              .formatted(uri.getScheme(), uri.getHost()));
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
    return new HttpEndpoint(uri.getHost(), port, tls);
  }

  /** The value of the Host header: without the port if it is the scheme's own. */
  public String hostHeader() {
    String name = bracketed(host);
    return port == (tls ? HTTPS_PORT : HTTP_PORT) ? name : name + ":" + port;
  }

  private static String plain(String host) {
    boolean isBracketed = host.startsWith("[") && host.endsWith("]");
    String plain = isBracketed ? host.substring(1, host.length() - 1) : host;
    return plain.toLowerCase(Locale.ROOT);
  }

  private static String bracketed(String host) {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  @Override
  public String toString() {
    return name;
  }
}
