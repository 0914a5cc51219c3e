/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.content;

import io.dlioflink.workload.ElementType;
import io.dlioflink.workload.TensorType;

/** One MiB of random elements, the same in every process; read-only. */
final class RandomPool {
  static final int LONGS = 1 << 17;

  final long[] longs;

  /** The bits of a long that may take any value without leaving the distribution. */
  final long keyMask;

  private RandomPool(long[] longs, long keyMask) {
    this.longs = longs;
    this.keyMask = keyMask;
  }

  static RandomPool of(ElementType type) {
    if (!type.floating()) {
      return Integers.POOL;
    }
    return switch (type.bytes()) {
      case 2 -> Halves.POOL;
      case 4 -> Singles.POOL;
      default -> Doubles.POOL;
    };
  }

  static RandomPool of(TensorType type) {
    return switch (type) {
      case INT8, UINT8 -> Integers.POOL;
      case FP16 -> Halves.POOL;
      case BF16 -> BrainHalves.POOL;
      case FP32 -> Singles.POOL;
      case FP64 -> Doubles.POOL;
    };
  }

  private static final class Integers {
    static final RandomPool POOL = integers();
  }

  private static final class Halves {
    static final RandomPool POOL = floats(16, 5);
  }

  private static final class BrainHalves {
    static final RandomPool POOL = floats(16, 8);
  }

  private static final class Singles {
    static final RandomPool POOL = floats(32, 8);
  }

  private static final class Doubles {
    static final RandomPool POOL = floats(64, 11);
  }

  private static RandomPool integers() {
    long[] longs = new long[LONGS];
    for (int i = 0; i < LONGS; i++) {
      longs[i] = BlockGenerator.mix((i + 1) * BlockGenerator.GOLDEN_GAMMA);
    }
    return new RandomPool(longs, -1L);
  }

  /**
   * Numbers uniform in [0, 1) of an IEEE 754 binary format. In [2^-(k+1), 2^-k), which such a
   * number meets with probability 2^-(k+1), all mantissas are equally likely; below the smallest
   * normal number the exponent field is 0.
   */
  private static RandomPool floats(int elementBits, int exponentBits) {
    int mantissaBits = elementBits - 1 - exponentBits;
    int topExponent = (1 << (exponentBits - 1)) - 2;
    long mantissaMask = (1L << mantissaBits) - 1;
    long[] longs = new long[LONGS];
    long keyMask = 0;
    long counter = 0;
    for (int i = 0; i < LONGS; i++) {
      for (int shift = 0; shift < Long.SIZE; shift += elementBits) {
        int halvings =
            Long.numberOfLeadingZeros(
                BlockGenerator.mix(~(++counter * BlockGenerator.GOLDEN_GAMMA)));
        long exponent = Math.max(topExponent - halvings, 0);
        long mantissa =
            BlockGenerator.mix(~(++counter * BlockGenerator.GOLDEN_GAMMA)) & mantissaMask;
        longs[i] |= (exponent << mantissaBits | mantissa) << shift;
        keyMask |= mantissaMask << shift;
      }
    }
    return new RandomPool(longs, keyMask);
  }
}
