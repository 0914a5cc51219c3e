/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant to write. */
final class NearMiss {

  private NearMiss() {}

  /** The candidate with the fewest edits, if they are few for its length. */
  static Optional<String> of(String written, Collection<String> candidates) {
    String lower = written.toLowerCase(Locale.ROOT);
    int most = Math.max(1, Math.min(3, written.length() / 3));
    return candidates.stream()
        .filter(candidate -> distance(lower, candidate) <= most)
        .min(Comparator.comparingInt(candidate -> distance(lower, candidate)));
  }

  /** {@code ; did you mean 'x'?} for a value that should have been one of a list. */
  static String hint(ConfigValue value, String allowed) {
    String list = "one of ";
    if (!(value instanceof ConfigValue.Scalar scalar) || !allowed.startsWith(list)) {
      return "";
    }
    return of(scalar.text(), List.of(allowed.substring(list.length()).split(", ")))
        .map(meant -> "; did you mean '" + meant + "'?")
        .orElse("");
  }

  /** Levenshtein's distance. */
  static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substituted, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
