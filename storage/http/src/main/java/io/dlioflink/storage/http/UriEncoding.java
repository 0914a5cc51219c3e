/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.nio.charset.StandardCharsets;

/**
 * Names as they stand in a URI: all but unreserved characters (RFC 3986) as octets of UTF-8, which
 * is what signatures of requests are made over.
 */
public final class UriEncoding {
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private UriEncoding() {}

  /** A key; slashes stay. */
  public static String path(String key) {
    return encode(key, true);
  }

  /** The name or value of a query parameter. */
  public static String query(String text) {
    return encode(text, false);
  }

  private static String encode(String text, boolean keepsSlashes) {
    int plain = 0;
    while (plain < text.length() && isKept(text.charAt(plain), keepsSlashes)) {
      plain++;
    }
    if (plain == text.length()) {
      return text;
    }
    StringBuilder encoded = new StringBuilder(text.length() + 16).append(text, 0, plain);
    for (byte b : text.substring(plain).getBytes(StandardCharsets.UTF_8)) {
      if (isKept((char) (b & 0xff), keepsSlashes)) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(HEX[b >> 4 & 15]).append(HEX[b & 15]);
      }
    }
    return encoded.toString();
  }

  private static boolean isKept(char c, boolean keepsSlashes) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~'
        || (c == '/' && keepsSlashes);
  }
}
