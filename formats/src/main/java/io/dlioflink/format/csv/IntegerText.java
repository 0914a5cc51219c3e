/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

import io.dlioflink.workload.ElementType;
import java.nio.ByteBuffer;

/** Integers of 32 and 64 bits. */
final class IntegerText implements ElementText {
  private static final byte[] PAIRS = pairs();

  private final ElementType type;

  IntegerText(ElementType type) {
    this.type = type;
  }

  private static byte[] pairs() {
    byte[] pairs = new byte[200];
    for (int i = 0; i < 100; i++) {
      pairs[2 * i] = (byte) ('0' + i / 10);
      pairs[2 * i + 1] = (byte) ('0' + i % 10);
    }
    return pairs;
  }

  @Override
  public int append(ByteBuffer elements, byte[] text, int start) {
    int at = start;
    while (elements.hasRemaining()) {
      at =
          switch (type) {
            case INT32 -> signed(elements.getInt(), text, at);
            case UINT32 -> unsigned(Integer.toUnsignedLong(elements.getInt()), text, at);
            case INT64 -> signed(elements.getLong(), text, at);
            default -> unsigned(elements.getLong(), text, at);
          };
      text[at++] = ',';
    }
    return at;
  }

  /** Appends a signed number; returns the end. */
  static int signed(long value, byte[] text, int start) {
    if (value >= 0) {
      return unsigned(value, text, start);
    }
    text[start] = '-';
    return unsigned(-value, text, start + 1);
  }

  /** Appends an unsigned number; returns the end. */
  static int unsigned(long value, byte[] text, int start) {
    if (value < 0) {
      long tenth = Long.divideUnsigned(value, 10);
      int end = unsigned(tenth, text, start);
      text[end] = (byte) ('0' + (value - 10 * tenth));
      return end + 1;
    }
    int end = start + digits(value);
    int at = end;
    long left = value;
    while (left >= 10) {
      long hundredth = left / 100;
      int pair = 2 * (int) (left - 100 * hundredth);
      text[--at] = PAIRS[pair + 1];
      text[--at] = PAIRS[pair];
      left = hundredth;
    }
    if (at > start) {
      text[start] = (byte) ('0' + left);
    }
    return end;
  }

  /** Decimal digits of a number that is not negative; 1 for 0. */
  static int digits(long value) {
    int digits = 1;
    for (long bound = 10; digits < 19 && value >= bound; bound *= 10) {
      digits++;
    }
    return digits;
  }
}
