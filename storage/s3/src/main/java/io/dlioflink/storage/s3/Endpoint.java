/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A server that requests are sent to.
 *
 * @param uri scheme {@code http} or {@code https} and host, with a port if it is not the scheme's
 *     own; no path
 * @param custom whether the user named it; if not, it is AWS's own for the region
 */
record Endpoint(URI uri, boolean custom) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  // A certificate for all buckets covers no name with a dot.
  private static final Pattern NAME_UNDER_TLS = Pattern.compile("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]");
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*]");

  /**
   * Reads what a user named; without a scheme it is {@code http}.
   *
   * @throws IllegalArgumentException if it is no URL of a server; the message says why, and leaves
   *     out what may be a password
   */
  static Endpoint parse(String text) {
    String url = text.contains("://") ? text : "http://" + text;
    URI uri;
    try {
      uri = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("it is no URL", e);
    }
    if (uri.getUserInfo() != null) {
      throw new IllegalArgumentException("a URL with a user or password is not supported");
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("its scheme is neither http nor https");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("it has no host name");
    }
    if (!uri.getPath().isEmpty() || uri.getQuery() != null || uri.getFragment() != null) {
      throw new IllegalArgumentException("only scheme, host and port are taken");
    }
    return new Endpoint(uri, true);
  }

  /** The server that a {@code Location} header names; empty if it names none. */
  static Optional<Endpoint> ofLocation(String header) {
    try {
      URI named = URI.create(header);
      return named.getHost() == null
          ? Optional.empty()
          : Optional.of(parse(named.getScheme() + "://" + named.getRawAuthority()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Host, as it is resolved; an IPv6 address in brackets. */
  String host() {
    return uri.getHost();
  }

  /** Port, also if it is the scheme's own. */
  int port() {
    return uri.getPort() >= 0 ? uri.getPort() : isTls() ? 443 : 80;
  }

  /** Whether connections are encrypted. */
  boolean isTls() {
    return uri.getScheme().equalsIgnoreCase("https");
  }

  /** {@code host:port}, as it stands in reports and messages. */
  String name() {
    return host() + ":" + port();
  }

  /**
   * Whether the bucket's name stands in the path of a URL instead of before the host name; the
   * latter works only with names that are host names, and with servers that have one.
   *
   * @param wanted as the user set it, if so
   */
  boolean usesPathStyle(String bucket, Optional<Boolean> wanted) {
    boolean possible =
        (isTls() ? NAME_UNDER_TLS : NAME).matcher(bucket).matches()
            && !ADDRESS.matcher(host()).matches();
    return !possible || wanted.orElse(custom);
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
