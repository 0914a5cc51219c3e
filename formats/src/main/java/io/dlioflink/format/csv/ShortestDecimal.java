/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

import java.math.BigInteger;

/**
 * The shortest decimal that rounds to a binary floating-point number, and of these the closest: the
 * number is {@code digits * 10^exponent}, without trailing zeros. Not thread-safe.
 *
 * <p>{@code Double.toString} before Java 19 at times gives more digits than needed.
 *
 * <p>Source: R. Giulietti, "The Schubfach way to render doubles", 2020.
 */
final class ShortestDecimal {
  private static final int MIN_POWER = -292;
  private static final int MAX_POWER = 324;
  private static final long LOW_63_BITS = Long.MAX_VALUE;

  /**
   * Powers of ten from {@link #MIN_POWER}, rounded up to 126 significant bits: the upper and the
   * lower 63 of each.
   */
  private static final long[] POWERS = powers();

  long digits;
  int exponent;

  private static long[] powers() {
    long[] powers = new long[2 * (MAX_POWER - MIN_POWER + 1)];
    for (int power = MIN_POWER; power <= MAX_POWER; power++) {
      int shift = 125 - floorLog2Pow10(power);
      BigInteger numerator = BigInteger.TEN.pow(Math.max(power, 0)).shiftLeft(Math.max(shift, 0));
      BigInteger denominator =
          BigInteger.TEN.pow(Math.max(-power, 0)).shiftLeft(Math.max(-shift, 0));
      BigInteger scaled = numerator.divide(denominator).add(BigInteger.ONE);
      int at = 2 * (power - MIN_POWER);
      powers[at] = scaled.shiftRight(63).longValueExact();
      powers[at + 1] = scaled.longValue() & LOW_63_BITS;
    }
    return powers;
  }

  /**
   * Finds the decimal of {@code significand * 2^binaryExponent}.
   *
   * @param significand 1 or more
   * @param lowerHalf whether the next smaller number is half as far away as the next larger one
   */
  void find(long significand, int binaryExponent, boolean lowerHalf) {
    int power =
        lowerHalf ? floorLog10ThreeQuartersPow2(binaryExponent) : floorLog10Pow2(binaryExponent);
    int shift = binaryExponent + floorLog2Pow10(-power) + 2;
    long high = POWERS[2 * (-power - MIN_POWER)];
    long low = POWERS[2 * (-power - MIN_POWER) + 1];
    long quarters = significand << 2;
    // In quarters of units of 10^power: the number, and the ends of what rounds to it.
    long value = scale(high, low, quarters << shift);
    long from = scale(high, low, (quarters - (lowerHalf ? 1 : 2)) << shift);
    long to = scale(high, low, (quarters + 2) << shift);
    // The ends themselves round to an even significand only.
    long first = from + (significand & 1);
    long last = to - (significand & 1);
    exponent = power;
    digits = choose(value, first, last);
    stripZeros();
  }

  private static long choose(long value, long first, long last) {
    long units = value >> 2;
    if (units >= 10) {
      long tens = units / 10 * 10;
      boolean belowFits = first <= tens << 2;
      boolean aboveFits = (tens + 10) << 2 <= last;
      if (belowFits != aboveFits) {
        return belowFits ? tens : tens + 10;
      }
    }
    boolean belowFits = first <= units << 2;
    boolean aboveFits = (units + 1) << 2 <= last;
    if (belowFits != aboveFits) {
      return belowFits ? units : units + 1;
    }
    long beyondHalf = value - (units << 2) - 2;
    return beyondHalf < 0 || (beyondHalf == 0 && (units & 1) == 0) ? units : units + 1;
  }

  /** The upper bits of a product; the lowest is set as well if any of those dropped was. */
  private static long scale(long high, long low, long factor) {
    long middle = ((high * factor) >>> 1) + Math.multiplyHigh(low, factor);
    long upper = Math.multiplyHigh(high, factor) + (middle >>> 63);
    return upper | (((middle & LOW_63_BITS) + LOW_63_BITS) >>> 63);
  }

  private void stripZeros() {
    while (digits >= 10 && digits % 10 == 0) {
      digits /= 10;
      exponent++;
    }
  }

  // Logarithms in fixed point; exact for all exponents of binary64.

  static int floorLog10Pow2(int exponent) {
    return (exponent * 1262611) >> 22;
  }

  static int floorLog10ThreeQuartersPow2(int exponent) {
    return (exponent * 1262611 - 524031) >> 22;
  }

  static int floorLog2Pow10(int exponent) {
    return (exponent * 1741647) >> 19;
  }
}
