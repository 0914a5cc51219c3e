/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

import io.dlioflink.workload.ElementType;

/**
 * One field, character by character, of any length. Beyond plain numbers it takes what pandas
 * reads: a sign, quotes around the field; for floating-point types also exponents, {@code inf},
 * {@code infinity} and {@code nan} in any case, and an empty field, which is not-a-number.
 */
final class FieldParser {
  private static final int MAX_DIGITS = 19;
  private static final int MAX_EXPONENT = 1 << 20;

  private enum State {
    START,
    QUOTED,
    SIGN,
    WHOLE,
    /** A point with no digit before it. */
    POINT,
    FRACTION,
    EXPONENT_SIGN,
    EXPONENT_FIRST,
    EXPONENT,
    NAN,
    INFINITY,
    UNQUOTED,
    RETURN
  }

  private final ElementType type;

  private State state = State.START;
  private boolean quoted;
  private boolean negative;
  private boolean empty;
  private boolean word;
  private boolean nan;
  private boolean tooLarge;
  private int letters;

  /** Unsigned; of floats as many digits as fit. */
  private long digits;

  private int digitCount;
  private long exponent;
  private int writtenExponent;
  private boolean writtenExponentNegative;

  FieldParser(ElementType type) {
    this.type = type;
  }

  /** The largest number of an integer type, unsigned. */
  static long maxMagnitude(ElementType type) {
    return isUnsigned(type) ? -1L >>> (Long.SIZE - bits(type)) : minMagnitude(type) - 1;
  }

  /** The smallest number of an integer type, without its sign. */
  static long minMagnitude(ElementType type) {
    return isUnsigned(type) ? 0 : 1L << (bits(type) - 1);
  }

  private static boolean isUnsigned(ElementType type) {
    return type.yamlName().startsWith("u");
  }

  private static int bits(ElementType type) {
    return type.bytes() * Byte.SIZE;
  }

  /** Starts with a field. */
  void start() {
    state = State.START;
    quoted = false;
    negative = false;
    empty = true;
    word = false;
    nan = false;
    tooLarge = false;
    letters = 0;
    digits = 0;
    digitCount = 0;
    exponent = 0;
    writtenExponent = 0;
    writtenExponentNegative = false;
  }

  /** Whether nothing of the field has been seen. */
  boolean atStart() {
    return state == State.START;
  }

  /** Whether there is nothing in the field, not even quotes. */
  boolean blank() {
    return empty && !quoted;
  }

  /** Takes a character; returns whether the field may go on so. */
  boolean accept(byte character) {
    if (character == '\r' && mayEnd()) {
      state = State.RETURN;
      return true;
    }
    if (character == '"') {
      return quote();
    }
    boolean accepted =
        switch (state) {
          case START, QUOTED -> sign(character) || first(character);
          case SIGN -> first(character);
          case WHOLE -> digit(character) || point(character, State.FRACTION) || mark(character);
          case POINT -> fraction(character);
          case FRACTION -> fraction(character) || mark(character);
          case EXPONENT_SIGN -> exponentSign(character) || exponentDigit(character);
          case EXPONENT_FIRST, EXPONENT -> exponentDigit(character);
          case NAN -> letter(character, "nan");
          case INFINITY -> letter(character, "infinity");
          case UNQUOTED, RETURN -> false;
        };
    empty &= !accepted;
    return accepted;
  }

  private boolean quote() {
    if (state == State.START) {
      quoted = true;
      state = State.QUOTED;
      return true;
    }
    if (quoted && (state == State.QUOTED || complete())) {
      state = State.UNQUOTED;
      return true;
    }
    return false;
  }

  private boolean sign(byte character) {
    if (character != '-' && character != '+') {
      return false;
    }
    negative = character == '-';
    state = State.SIGN;
    return true;
  }

  private boolean first(byte character) {
    if (digit(character)) {
      state = State.WHOLE;
      return true;
    }
    return point(character, State.POINT)
        || word(character, 'n', State.NAN)
        || word(character, 'i', State.INFINITY);
  }

  private boolean digit(byte character) {
    int digit = character - '0';
    if (digit < 0 || digit > 9) {
      return false;
    }
    if (type.floating()) {
      if (!keep(digit)) {
        exponent++;
      }
      return true;
    }
    long limit = negative ? minMagnitude(type) : maxMagnitude(type);
    // Unsigned: digits * 10 + digit > limit.
    tooLarge |=
        Long.compareUnsigned(digit, limit) > 0
            || Long.compareUnsigned(digits, Long.divideUnsigned(limit - digit, 10)) > 0;
    digits = digits * 10 + digit;
    return !tooLarge;
  }

  /** Adds a digit if it fits; zeros in front do not count. */
  private boolean keep(int digit) {
    if (digitCount == MAX_DIGITS) {
      return false;
    }
    digits = digits * 10 + digit;
    digitCount += digits == 0 ? 0 : 1;
    return true;
  }

  private boolean point(byte character, State next) {
    if (character != '.' || !type.floating()) {
      return false;
    }
    state = next;
    return true;
  }

  private boolean fraction(byte character) {
    int digit = character - '0';
    if (digit < 0 || digit > 9) {
      return false;
    }
    if (keep(digit)) {
      exponent--;
    }
    state = State.FRACTION;
    return true;
  }

  private boolean mark(byte character) {
    if (lower(character) != 'e' || !type.floating()) {
      return false;
    }
    state = State.EXPONENT_SIGN;
    return true;
  }

  private boolean exponentSign(byte character) {
    if (character != '-' && character != '+') {
      return false;
    }
    writtenExponentNegative = character == '-';
    state = State.EXPONENT_FIRST;
    return true;
  }

  private boolean exponentDigit(byte character) {
    int digit = character - '0';
    if (digit < 0 || digit > 9) {
      return false;
    }
    writtenExponent = Math.min(writtenExponent * 10 + digit, MAX_EXPONENT);
    state = State.EXPONENT;
    return true;
  }

  private boolean word(byte character, char start, State next) {
    if (lower(character) != start || !type.floating()) {
      return false;
    }
    word = true;
    nan = next == State.NAN;
    letters = 1;
    state = next;
    return true;
  }

  private boolean letter(byte character, String text) {
    return letters < text.length() && lower(character) == text.charAt(letters++);
  }

  private static int lower(byte character) {
    return character | 0x20;
  }

  /** Whether what was seen is a number. */
  private boolean complete() {
    return switch (state) {
      case WHOLE, FRACTION, EXPONENT -> true;
      case NAN -> letters == 3;
      case INFINITY -> letters == 3 || letters == 8;
      default -> false;
    };
  }

  private boolean mayEnd() {
    return switch (state) {
      case START -> type.floating();
      case UNQUOTED -> !empty || type.floating();
      default -> complete() && !quoted;
    };
  }

  /**
   * Ends the field.
   *
   * @param line whether the line ends with it
   * @return whether it may end here
   */
  boolean end(boolean line) {
    return mayEnd() || (state == State.RETURN && line);
  }

  /** The element: an integer, or the bits of a binary64. */
  long bits() {
    if (!type.floating()) {
      return negative ? -digits : digits;
    }
    double value;
    if (empty || nan) {
      value = Double.NaN;
    } else if (word) {
      value = Double.POSITIVE_INFINITY;
    } else {
      value =
          Decimal.toDouble(
              digits, exponent + (writtenExponentNegative ? -writtenExponent : writtenExponent));
    }
    return Double.doubleToRawLongBits(negative ? -value : value);
  }

  /** What the field should be, for messages. */
  String expected() {
    return tooLarge ? "a number in the range of " + type.yamlName() : type.yamlName();
  }
}
