/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The name a file bears until it is committed: {@code .<name>.<16 hex digits>.part}. Very long
 * names are cut, because a name has at most 255 bytes.
 */
final class TemporaryName {
  private static final String SUFFIX = ".part";
  private static final int DIGITS = 16;
  private static final int TAIL = 1 + DIGITS + SUFFIX.length();
  // A char takes at most 3 bytes of UTF-8: 1 + 3 * 77 + TAIL < 255.
  private static final int MAX_CHARS_KEPT = 77;

  private TemporaryName() {}

  /** A new name for the writing of a file. */
  static String of(String name) {
    int kept = Math.min(name.length(), MAX_CHARS_KEPT);
    if (kept < name.length() && Character.isHighSurrogate(name.charAt(kept - 1))) {
      kept--;
    }
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    return "." + name.substring(0, kept) + "." + random + SUFFIX;
  }

  /** Whether a name has exactly this shape. */
  static boolean matches(String name) {
    int dot = name.length() - TAIL;
    if (dot < 2 || name.charAt(0) != '.' || name.charAt(dot) != '.' || !name.endsWith(SUFFIX)) {
      return false;
    }
    for (int i = dot + 1; i <= dot + DIGITS; i++) {
      char c = name.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }
}
