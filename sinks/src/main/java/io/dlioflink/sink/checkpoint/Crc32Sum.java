/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

/**
 * The CRC-32 of a run of bytes from those of its pieces, so that no byte is looked at twice.
 *
 * <p>A CRC is the remainder of a polynomial over GF(2): appending n bytes multiplies what came
 * before by x^(8n). Bits are reflected, the highest coefficient is the lowest bit.
 */
final class Crc32Sum {
  private static final int POLYNOMIAL = 0xedb88320;
  private static final int ONE = 1 << 31;

  /** x^(8 * 2^k) for k from 0. */
  private static final int[] BYTE_POWERS = new int[Long.SIZE - 1];

  static {
    int power = ONE >>> 8;
    for (int k = 0; k < BYTE_POWERS.length; k++) {
      BYTE_POWERS[k] = power;
      power = multiply(power, power);
    }
  }

  private int crc;

  /** Starts with no bytes. */
  void reset() {
    crc = 0;
  }

  /** Appends a piece by its CRC and length. */
  void append(int pieceCrc, long bytes) {
    int shifted = crc;
    for (long left = bytes; left != 0 && shifted != 0; left &= left - 1) {
      shifted = multiply(shifted, BYTE_POWERS[Long.numberOfTrailingZeros(left)]);
    }
    crc = shifted ^ pieceCrc;
  }

  int value() {
    return crc;
  }

  private static int multiply(int a, int b) {
    int product = 0;
    int shifted = b;
    for (int bit = ONE; bit != 0; bit >>>= 1) {
      if ((a & bit) != 0) {
        product ^= shifted;
      }
      shifted = (shifted & 1) == 0 ? shifted >>> 1 : (shifted >>> 1) ^ POLYNOMIAL;
    }
    return product;
  }
}
