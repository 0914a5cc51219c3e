/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.io.Serializable;
import java.util.Locale;

/**
 * Where a file or folder is: {@code scheme://authority/path}. A text without a scheme is a path of
 * the local file system and gets the scheme {@code file}. No escaping takes place: names may hold
 * spaces, percent signs and any Unicode.
 *
 * @param scheme lower case, e.g. {@code file}, {@code direct}, {@code s3}
 * @param authority bucket or container; empty for local files
 * @param path without a trailing slash; starts with a slash for local files that are absolute,
 *     without one for keys of an object store
 */
public record Location(String scheme, String authority, String path) implements Serializable {

  /** Scheme of the place where nothing is kept. */
  public static final String NOWHERE = "null";

  public Location {
    if (scheme.isEmpty() || !scheme.equals(scheme.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("Not a lower-case URI scheme: '" + scheme + "'");
    }
    while (path.length() > 1 && path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
  }

  /**
   * Reads a URI or a plain path.
   *
   * @throws IllegalArgumentException if the text is empty or its scheme is malformed
   */
  public static Location parse(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("A location must not be empty");
    }
    int separator = text.indexOf("://");
    // A slash before it means that it is part of a path.
    if (separator < 0 || text.indexOf('/') < separator) {
      return new Location("file", "", text);
    }
    String scheme = text.substring(0, separator).toLowerCase(Locale.ROOT);
    if (!scheme.matches("[a-z][a-z0-9+.-]*")) {
      throw new IllegalArgumentException("Not a URI scheme: '" + scheme + "' in '" + text + "'");
    }
    String rest = text.substring(separator + 3);
    if (isLocal(scheme)) {
      return new Location(scheme, "", rest.isEmpty() ? "/" : rest);
    }
    int slash = rest.indexOf('/');
    return slash < 0
        ? new Location(scheme, rest, "")
        : new Location(scheme, rest.substring(0, slash), rest.substring(slash + 1));
  }

  private static boolean isLocal(String scheme) {
    return scheme.equals("file") || scheme.equals("direct");
  }

  /** Whether the path names a file of a mounted file system. */
  public boolean isLocal() {
    return isLocal(scheme);
  }

  /** Whether nothing is kept there: whatever is measured is not a storage. */
  public boolean isNowhere() {
    return scheme.equals(NOWHERE);
  }

  /** The location of a name or relative path below this one. */
  public Location child(String relative) {
    if (path.isEmpty()) {
      return new Location(scheme, authority, relative);
    }
    return new Location(
        scheme, authority, path.endsWith("/") ? path + relative : path + "/" + relative);
  }

  /** The same place under another scheme, e.g. {@code direct} for {@code file}. */
  public Location withScheme(String other) {
    return new Location(other, authority, path);
  }

  /** The last part of the path. */
  public String fileName() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Plain path for {@code file}, URI for everything else. */
  @Override
  public String toString() {
    if (scheme.equals("file")) {
      return path;
    }
    return isLocal() ? scheme + "://" + path : scheme + "://" + authority + "/" + path;
  }
}
