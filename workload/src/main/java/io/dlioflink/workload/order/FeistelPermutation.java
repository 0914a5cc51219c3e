/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import java.util.Objects;

/**
 * A keyed permutation without memory: a balanced Feistel network over the smallest even number of
 * bits that holds the size, applied again while the result lies outside (cycle walking; fewer than
 * four rounds on average).
 */
final class FeistelPermutation implements Permutation {

  private static final int ROUNDS = 6;

  private final long size;
  private final int halfBits;
  private final long halfMask;
  private final long[] roundKeys = new long[ROUNDS];

  FeistelPermutation(long seed, long size) {
    this.size = size;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(size - 1, 1));
    halfBits = (bits + 1) / 2;
    halfMask = (1L << halfBits) - 1;
    for (int round = 0; round < ROUNDS; round++) {
      roundKeys[round] = mix(seed + 0x9e3779b97f4a7c15L * (round + 1));
    }
  }

  @Override
  public long at(long position) {
    Objects.checkIndex(position, size);
    long value = position;
    do {
      value = encrypt(value);
    } while (value >= size);
    return value;
  }

  private long encrypt(long value) {
    long left = value >>> halfBits;
    long right = value & halfMask;
    for (long key : roundKeys) {
      long mixed = left ^ (mix(right ^ key) & halfMask);
      left = right;
      right = mixed;
    }
    return (left << halfBits) | right;
  }

  /** The finalizer of SplitMix64. */
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
