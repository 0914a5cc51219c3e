/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant to write. */
final class NearMiss {

  private static final int MAX_LENGTH = 100;

  private NearMiss() {}

  /** The candidate with the fewest edits, if they are few for its length. */
  static Optional<String> of(String written, Collection<String> candidates) {
    if (written.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String lower = written.toLowerCase(Locale.ROOT);
    return candidates.stream()
        .filter(candidate -> distance(lower, candidate) <= mostEdits(lower, candidate))
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

  private static int mostEdits(String a, String b) {
    return Math.max(1, Math.min(3, Math.max(a.length(), b.length()) / 3));
  }

  /** Levenshtein's distance, where exchanging two neighbours is one edit as well. */
  static int distance(String a, String b) {
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        edits[i][j] = i == 0 ? j : j == 0 ? i : fewest(a, b, i, j, edits);
      }
    }
    return edits[a.length()][b.length()];
  }

  private static int fewest(String a, String b, int i, int j, int[][] edits) {
    boolean equal = a.charAt(i - 1) == b.charAt(j - 1);
    int fewest =
        Math.min(
            edits[i - 1][j - 1] + (equal ? 0 : 1), Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
    boolean exchanged =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return exchanged ? Math.min(fewest, edits[i - 2][j - 2] + 1) : fewest;
  }
}
