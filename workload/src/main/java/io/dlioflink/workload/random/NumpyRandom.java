/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.random;

/**
 * NumPy's legacy generator, {@code numpy.random.RandomState(seed)}: MT19937 with its own ways of
 * drawing doubles, normal numbers and shuffles.
 *
 * <p>DLIO draws file sizes and sample orders from it, so reproducing the stream reproduces a DLIO
 * dataset. Integers, uniform doubles and shuffles are exact. Normal numbers involve one logarithm
 * per pair: {@link StrictMath#log} may differ from the C library NumPy was built with in the last
 * bit, which is irrelevant after DLIO's truncation to whole sides.
 *
 * <p>Source: NumPy's {@code _mt19937}, {@code legacy-distributions.c} and {@code mtrand.pyx}, as
 * described in their documentation; algorithm of M. Matsumoto and T. Nishimura. Not thread-safe.
 */
public final class NumpyRandom {

  /** Largest seed NumPy accepts. */
  public static final long MAX_SEED = 0xffff_ffffL;

  private static final int STATE_WORDS = 624;
  private static final int SHIFT = 397;
  private static final int UPPER_MASK = 0x8000_0000;
  private static final int LOWER_MASK = 0x7fff_ffff;
  private static final int MATRIX = 0x9908_b0df;
  private static final double TWO_TO_26 = 67108864.0;
  private static final double TWO_TO_53 = 9007199254740992.0;

  private final int[] state;
  private int next;
  private boolean hasCachedGauss;
  private double cachedGauss;

  /**
   * A generator at the start of its stream.
   *
   * @param seed 0 .. {@link #MAX_SEED}
   * @throws IllegalArgumentException if the seed is outside the range, as in NumPy
   */
  public NumpyRandom(long seed) {
    if (seed < 0 || seed > MAX_SEED) {
      throw new IllegalArgumentException("Seed must be between 0 and 2^32 - 1, not " + seed);
    }
    state = new int[STATE_WORDS];
    state[0] = (int) seed;
    for (int i = 1; i < STATE_WORDS; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
    next = STATE_WORDS;
  }

  private NumpyRandom(NumpyRandom other) {
    state = other.state.clone();
    next = other.next;
    hasCachedGauss = other.hasCachedGauss;
    cachedGauss = other.cachedGauss;
  }

  /** An independent generator that continues from here; about 2.5 KiB. */
  public NumpyRandom copy() {
    return new NumpyRandom(this);
  }

  /** The next 32 random bits. */
  public int nextInt32() {
    if (next == STATE_WORDS) {
      refill();
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c_5680;
    y ^= (y << 15) & 0xefc6_0000;
    return y ^ (y >>> 18);
  }

  /** {@code random_sample()}: uniform on [0, 1), 53 bits. */
  public double nextDouble() {
    int high = nextInt32() >>> 5;
    int low = nextInt32() >>> 6;
    return (high * TWO_TO_26 + low) / TWO_TO_53;
  }

  /** {@code standard_normal()}: polar method, the second number of a pair is kept for later. */
  public double nextGaussian() {
    if (hasCachedGauss) {
      hasCachedGauss = false;
      return cachedGauss;
    }
    double x1;
    double x2;
    double square;
    do {
      x1 = 2.0 * nextDouble() - 1.0;
      x2 = 2.0 * nextDouble() - 1.0;
      square = x1 * x1 + x2 * x2;
    } while (square >= 1.0 || square == 0.0);
    double factor = Math.sqrt(-2.0 * StrictMath.log(square) / square);
    cachedGauss = factor * x1;
    hasCachedGauss = true;
    return factor * x2;
  }

  /** {@code normal(location, scale)}. */
  public double normal(double location, double scale) {
    return location + scale * nextGaussian();
  }

  /** {@code shuffle(values)} of a one-dimensional array, in place. */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = nextUpTo(i);
      int moved = values[i];
      values[i] = values[j];
      values[j] = moved;
    }
  }

  /** {@code arange(count)}, shuffled. */
  public int[] permutation(int count) {
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = i;
    }
    shuffle(values);
    return values;
  }

  /** Uniform on 0 .. max by masking and rejection; draws nothing for max 0. */
  private int nextUpTo(int max) {
    if (max == 0) {
      return 0;
    }
    int mask = -1 >>> Integer.numberOfLeadingZeros(max);
    int value;
    do {
      value = nextInt32() & mask;
    } while (value > max);
    return value;
  }

  private void refill() {
    for (int i = 0; i < STATE_WORDS - SHIFT; i++) {
      state[i] = state[i + SHIFT] ^ twist(state[i], state[i + 1]);
    }
    for (int i = STATE_WORDS - SHIFT; i < STATE_WORDS - 1; i++) {
      state[i] = state[i + SHIFT - STATE_WORDS] ^ twist(state[i], state[i + 1]);
    }
    state[STATE_WORDS - 1] = state[SHIFT - 1] ^ twist(state[STATE_WORDS - 1], state[0]);
    next = 0;
  }

  private static int twist(int upper, int lower) {
    int y = (upper & UPPER_MASK) | (lower & LOWER_MASK);
    return (y >>> 1) ^ (-(y & 1) & MATRIX);
  }
}
