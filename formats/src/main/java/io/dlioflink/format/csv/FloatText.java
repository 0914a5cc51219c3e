/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

import io.dlioflink.workload.ElementType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Floating-point numbers as NumPy prints them, the shortest digits that read back; as {@code
 * to_csv} does, not-a-number is an empty field.
 */
final class FloatText implements ElementText {
  private static final byte[] INFINITY = "inf".getBytes(StandardCharsets.US_ASCII);
  private static final double SCIENTIFIC_BELOW = 1e-4;

  private final ElementType type;
  private final int mantissaBits;
  private final int maxExponentField;

  /** From here on NumPy prints an exponent. */
  private final double scientificFrom;

  private final ShortestDecimal decimal = new ShortestDecimal();
  private final byte[] digits = new byte[MAX_BYTES];

  FloatText(ElementType type) {
    this.type = type;
    int exponentBits;
    switch (type) {
      case FLOAT16 -> {
        exponentBits = 5;
        scientificFrom = 1e3;
      }
      case FLOAT32 -> {
        exponentBits = 8;
        scientificFrom = 1e6;
      }
      default -> {
        exponentBits = 11;
        scientificFrom = 1e16;
      }
    }
    maxExponentField = (1 << exponentBits) - 1;
    mantissaBits = type.bytes() * Byte.SIZE - 1 - exponentBits;
  }

  @Override
  public int append(ByteBuffer elements, byte[] text, int start) {
    int at = start;
    while (elements.hasRemaining()) {
      long bits =
          switch (type) {
            case FLOAT16 -> elements.getShort();
            case FLOAT32 -> elements.getInt();
            default -> elements.getLong();
          };
      at = append(bits, text, at);
      text[at++] = ',';
    }
    return at;
  }

  private int append(long bits, byte[] text, int start) {
    int exponentField = (int) (bits >>> mantissaBits) & maxExponentField;
    long mantissa = bits & ((1L << mantissaBits) - 1);
    int at = start;
    if (exponentField == maxExponentField && mantissa != 0) {
      return at;
    }
    if (bits < 0) {
      text[at++] = '-';
    }
    if (exponentField == maxExponentField) {
      System.arraycopy(INFINITY, 0, text, at, INFINITY.length);
      return at + INFINITY.length;
    }
    int binaryExponent = Math.max(exponentField, 1) - maxExponentField / 2 - mantissaBits;
    if (exponentField > 0) {
      mantissa |= 1L << mantissaBits;
    }
    if (mantissa == 0) {
      return zero(text, at);
    }
    boolean lowerHalf = exponentField > 1 && mantissa == 1L << mantissaBits;
    decimal.find(mantissa, binaryExponent, lowerHalf);
    double magnitude = Math.scalb((double) mantissa, binaryExponent);
    return magnitude < SCIENTIFIC_BELOW || magnitude >= scientificFrom
        ? scientific(text, at)
        : positional(text, at);
  }

  private static int zero(byte[] text, int start) {
    text[start] = '0';
    text[start + 1] = '.';
    text[start + 2] = '0';
    return start + 3;
  }

  private int scientific(byte[] text, int start) {
    int count = IntegerText.unsigned(decimal.digits, digits, 0);
    int at = start;
    text[at++] = digits[0];
    if (count > 1) {
      text[at++] = '.';
      System.arraycopy(digits, 1, text, at, count - 1);
      at += count - 1;
    }
    int exponent = decimal.exponent + count - 1;
    text[at++] = 'e';
    text[at++] = (byte) (exponent < 0 ? '-' : '+');
    if (Math.abs(exponent) < 10) {
      text[at++] = '0';
    }
    return IntegerText.unsigned(Math.abs(exponent), text, at);
  }

  private int positional(byte[] text, int start) {
    int count = IntegerText.unsigned(decimal.digits, digits, 0);
    int whole = count + decimal.exponent;
    int at = start;
    if (whole <= 0) {
      text[at++] = '0';
      text[at++] = '.';
      at = zeros(-whole, text, at);
      System.arraycopy(digits, 0, text, at, count);
      return at + count;
    }
    int kept = Math.min(whole, count);
    System.arraycopy(digits, 0, text, at, kept);
    at = zeros(whole - kept, text, at + kept);
    text[at++] = '.';
    if (kept == count) {
      text[at++] = '0';
      return at;
    }
    System.arraycopy(digits, kept, text, at, count - kept);
    return at + count - kept;
  }

  private static int zeros(int count, byte[] text, int start) {
    for (int i = 0; i < count; i++) {
      text[start + i] = '0';
    }
    return start + count;
  }
}
