/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

/**
 * Decimal to binary64 as pandas does it by default: one multiplication by, or division through, a
 * power of ten. Exact up to 2^53 and 10^22, else now and then off by a last place.
 */
final class Decimal {
  private static final int MAX_POWER = 308;
  private static final double[] POWERS = powers();

  private Decimal() {}

  private static double[] powers() {
    double[] powers = new double[MAX_POWER + 1];
    for (int i = 0; i <= MAX_POWER; i++) {
      powers[i] = Double.parseDouble("1e" + i);
    }
    return powers;
  }

  /**
   * The number {@code digits * 10^exponent}; infinite or 0 if out of range.
   *
   * @param digits unsigned
   */
  static double toDouble(long digits, long exponent) {
    double value = digits >= 0 ? digits : 2.0 * ((digits >>> 1) | (digits & 1));
    if (exponent >= 0) {
      return exponent <= MAX_POWER
          ? value * POWERS[(int) exponent]
          : value == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    if (exponent >= -MAX_POWER) {
      return value / POWERS[(int) -exponent];
    }
    return exponent >= -2 * MAX_POWER
        ? value / POWERS[MAX_POWER] / POWERS[(int) (-exponent - MAX_POWER)]
        : 0;
  }
}
