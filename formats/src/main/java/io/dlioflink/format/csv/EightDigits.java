/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

/**
 * Up to eight digits at once, without a branch per digit: where numbers have one to three digits at
 * random, mispredicted branches are most of the time.
 *
 * <p>The characters come as a little-endian long, exclusive-or {@link #ZEROS}; so the first one is
 * the lowest byte, and a digit is its value.
 */
final class EightDigits {
  static final long ZEROS = 0x3030303030303030L;
  static final int MAX = 8;

  private static final long HIGH_BITS = 0x8080808080808080L;

  /** Brings 10 and above to the high bit of a byte. */
  private static final long ABOVE_NINE = 0x7676767676767676L;

  private EightDigits() {}

  /** Digits in front of the first other character. */
  static int count(long characters) {
    long others = (((characters & ~HIGH_BITS) + ABOVE_NINE) | characters) & HIGH_BITS;
    return Long.numberOfTrailingZeros(others) / Byte.SIZE;
  }

  /** The number of the first digits. */
  static long value(long characters, int digits) {
    // Two shifts: one by 64 would be none.
    long ones = characters << (32 - 4 * digits) << (32 - 4 * digits);
    long pairs = (ones * 10 + (ones >>> 8)) & 0x00ff00ff00ff00ffL;
    long fours = (pairs * 100 + (pairs >>> 16)) & 0x0000ffff0000ffffL;
    return (fours * 10_000 + (fours >>> 32)) & 0xffffffffL;
  }
}
