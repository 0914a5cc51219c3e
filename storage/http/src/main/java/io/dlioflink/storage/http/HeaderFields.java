/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The header lines of an answer, or its trailers. */
final class HeaderFields {
  static final HeaderFields NONE = new HeaderFields(new byte[0], new int[0], 0);
  private static final int INTS_PER_FIELD = 4;
  private static final boolean[] NAME_CHARACTERS = new boolean[128];

  static {
    for (char c = '0'; c <= '9'; c++) {
      NAME_CHARACTERS[c] = true;
    }
    for (char c = 'a'; c <= 'z'; c++) {
      NAME_CHARACTERS[c] = true;
      NAME_CHARACTERS[c - 'a' + 'A'] = true;
    }
    for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
      NAME_CHARACTERS[c] = true;
    }
  }

  private final byte[] text;

  /** Per field: begin and end of its name, begin and end of its value. */
  private final int[] bounds;

  private final int count;

  private HeaderFields(byte[] text, int[] bounds, int count) {
    this.text = text;
    this.bounds = bounds;
    this.count = count;
  }

  /**
   * Reads header lines.
   *
   * @param from the first byte of the first line; the lines end with an empty one
   * @throws MalformedAnswer if a line is no header, or there are too many
   */
  static HeaderFields parse(byte[] text, int from, int maxCount) throws MalformedAnswer {
    int[] bounds = new int[16 * INTS_PER_FIELD];
    int count = 0;
    int at = from;
    while (true) {
      int end = lineEnd(text, at);
      int next = end + 1;
      if (end > at && text[end - 1] == '\r') {
        end--;
      }
      if (end == at) {
        return new HeaderFields(text, bounds, count);
      }
      if (count == maxCount) {
        throw new MalformedAnswer("more than %d headers".formatted(maxCount));
      }
      if ((count + 1) * INTS_PER_FIELD > bounds.length) {
        bounds = Arrays.copyOf(bounds, 2 * bounds.length);
      }
      parseLine(text, at, end, bounds, count * INTS_PER_FIELD);
      count++;
      at = next;
    }
  }

  private static int lineEnd(byte[] text, int from) throws MalformedAnswer {
    for (int i = from; i < text.length; i++) {
      if (text[i] == '\n') {
        return i;
      }
    }
    throw new MalformedAnswer("headers without an end");
  }

  private static void parseLine(byte[] text, int from, int to, int[] bounds, int index)
      throws MalformedAnswer {
    int colon = from;
    while (colon < to && text[colon] >= 0 && NAME_CHARACTERS[text[colon]]) {
      colon++;
    }
    if (colon == from || colon == to || text[colon] != ':') {
      throw new MalformedAnswer("a line that is no header at byte %d of the head".formatted(from));
    }
    int begin = colon + 1;
    int end = to;
    while (begin < end && isBlank(text[begin])) {
      begin++;
    }
    while (end > begin && isBlank(text[end - 1])) {
      end--;
    }
    for (int i = begin; i < end; i++) {
      if (text[i] == 0 || text[i] == '\r') {
        throw new MalformedAnswer("a control character at byte %d of the head".formatted(i));
      }
    }
    bounds[index] = from;
    bounds[index + 1] = colon;
    bounds[index + 2] = begin;
    bounds[index + 3] = end;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  /** The value of the first header of a name, lower case; null without one. */
  String first(String name) {
    int index = find(name, 0);
    return index < 0 ? null : value(index);
  }

  /** The index of the next header of a name, lower case, from an index on; -1 without one. */
  int find(String name, int from) {
    for (int i = from; i < count; i++) {
      int begin = bounds[i * INTS_PER_FIELD];
      if (bounds[i * INTS_PER_FIELD + 1] - begin == name.length() && matches(begin, name)) {
        return i;
      }
    }
    return -1;
  }

  private boolean matches(int begin, String name) {
    for (int i = 0; i < name.length(); i++) {
      int c = text[begin + i];
      if (c >= 'A' && c <= 'Z') {
        c += 'a' - 'A';
      }
      if (c != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  String value(int index) {
    int begin = bounds[index * INTS_PER_FIELD + 2];
    int end = bounds[index * INTS_PER_FIELD + 3];
    return new String(text, begin, end - begin, StandardCharsets.ISO_8859_1);
  }

  int count() {
    return count;
  }
}
