/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.util.Arrays;

/** Headers of a request, sorted by name as they are signed. To be filled again and again. */
final class HeaderLines {
  private String[] names = new String[16];
  private String[] values = new String[16];
  private int count;

  /** Begins anew. */
  HeaderLines clear() {
    count = 0;
    return this;
  }

  /**
   * Adds a header.
   *
   * @param name lower case, none of those there
   */
  HeaderLines add(String name, String value) {
    if (count == names.length) {
      names = Arrays.copyOf(names, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    int at = count++;
    for (; at > 0 && names[at - 1].compareTo(name) > 0; at--) {
      names[at] = names[at - 1];
      values[at] = values[at - 1];
    }
    names[at] = name;
    values[at] = value;
    return this;
  }

  int count() {
    return count;
  }

  String name(int index) {
    return names[index];
  }

  String value(int index) {
    return values[index];
  }
}
