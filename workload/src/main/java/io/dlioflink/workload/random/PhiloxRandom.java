/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.random;

/**
 * TensorFlow's random numbers, {@code PhiloxRandom(seed, seed2)} drawn one 32-bit word at a time:
 * Philox 4x32 with ten rounds, a counter-based generator, so any position is reached at once.
 *
 * <p>Source: J. Salmon and others, "Parallel random numbers: as easy as 1, 2, 3" (2011); how
 * TensorFlow places the seeds in key and counter: {@code tensorflow/core/lib/random}. Not
 * thread-safe.
 */
public final class PhiloxRandom {
  private static final int ROUNDS = 10;
  private static final int WORDS = 4;
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;

  private final long seed;
  private final long seed2;
  private final int[] block = new int[WORDS];
  private long position;

  /** A generator at the start of its stream. */
  public PhiloxRandom(long seed, long seed2) {
    this.seed = seed;
    this.seed2 = seed2;
  }

  /** Goes to a position of the stream, counted in 32-bit words. */
  public PhiloxRandom at(long newPosition) {
    position = newPosition;
    if (position % WORDS != 0) {
      fill(position / WORDS);
    }
    return this;
  }

  /** The next word, 0 .. 2^32 - 1. */
  public long nextWord() {
    int lane = (int) (position % WORDS);
    if (lane == 0) {
      fill(position / WORDS);
    }
    position++;
    return Integer.toUnsignedLong(block[lane]);
  }

  private void fill(long counter) {
    int c0 = (int) counter;
    int c1 = (int) (counter >>> Integer.SIZE);
    int c2 = (int) seed2;
    int c3 = (int) (seed2 >>> Integer.SIZE);
    int key0 = (int) seed;
    int key1 = (int) (seed >>> Integer.SIZE);
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = MULTIPLIER_0 * Integer.toUnsignedLong(c0);
      long product1 = MULTIPLIER_1 * Integer.toUnsignedLong(c2);
      c0 = (int) (product1 >>> Integer.SIZE) ^ c1 ^ key0;
      c1 = (int) product1;
      c2 = (int) (product0 >>> Integer.SIZE) ^ c3 ^ key1;
      c3 = (int) product0;
      key0 += WEYL_0;
      key1 += WEYL_1;
    }
    block[0] = c0;
    block[1] = c1;
    block[2] = c2;
    block[3] = c3;
  }
}
