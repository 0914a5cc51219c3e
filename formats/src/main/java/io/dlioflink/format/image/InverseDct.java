/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

/**
 * The inverse cosine transform of a block of 8 x 8, in integers: eight columns, then eight rows,
 * each with eleven multiplications by constants of 13 fractional bits. Rounds where libjpeg's
 * default transform does, so both give the same samples.
 *
 * <p>Source: C. Loeffler, A. Ligtenberg, G. Moschytz, "Practical fast 1-D DCT algorithms with 11
 * multiplications", ICASSP 1989; ITU-T T.81, A.3.3.
 */
final class InverseDct {
  /** Fractional bits of the constants. */
  private static final int SCALE_BITS = 13;

  /** Fractional bits kept between columns and rows. */
  private static final int EXTRA_BITS = 2;

  private static final int COLUMN_SHIFT = SCALE_BITS - EXTRA_BITS;
  private static final int ROW_SHIFT = SCALE_BITS + EXTRA_BITS + 3;
  private static final int COLUMN_ROUND = 1 << (COLUMN_SHIFT - 1);

  /** Rounds, and moves samples from around 0 to around 128. */
  private static final int ROW_ROUND = (1 << (ROW_SHIFT - 1)) + (128 << ROW_SHIFT);

  /** Samples by result, which may overshoot; those far out can only come from broken images. */
  private static final byte[] SAMPLES = samples();

  private InverseDct() {}

  private static byte[] samples() {
    byte[] samples = new byte[1024];
    for (int i = 0; i < samples.length; i++) {
      int value = i < samples.length * 5 / 8 ? i : i - samples.length;
      samples[i] = (byte) Math.max(0, Math.min(255, value));
    }
    return samples;
  }

  /**
   * Transforms a block.
   *
   * @param block coefficients row by row; changed
   * @param samples where the samples go, rows {@code stride} apart from {@code at} on
   */
  static void transform(int[] block, byte[] samples, int at, int stride) {
    for (int column = 0; column < 8; column++) {
      column(block, column);
    }
    int target = at;
    for (int row = 0; row < 64; row += 8) {
      row(block, row, samples, target);
      target += stride;
    }
  }

  /** Fills a block that has only its first coefficient. */
  static void transformFlat(int first, byte[] samples, int at, int stride) {
    byte sample = sample(((first << EXTRA_BITS) << SCALE_BITS) + ROW_ROUND);
    int target = at;
    for (int row = 0; row < 8; row++) {
      for (int i = 0; i < 8; i++) {
        samples[target + i] = sample;
      }
      target += stride;
    }
  }

  private static void column(int[] b, int i) {
    int c1 = b[i + 8];
    int c2 = b[i + 16];
    int c3 = b[i + 24];
    int c4 = b[i + 32];
    int c5 = b[i + 40];
    int c6 = b[i + 48];
    int c7 = b[i + 56];
    if ((c1 | c2 | c3 | c4 | c5 | c6 | c7) == 0) {
      int flat = b[i] << EXTRA_BITS;
      b[i] = flat;
      b[i + 8] = flat;
      b[i + 16] = flat;
      b[i + 24] = flat;
      b[i + 32] = flat;
      b[i + 40] = flat;
      b[i + 48] = flat;
      b[i + 56] = flat;
      return;
    }
    int low = (c2 + c6) * 4433;
    int rotated6 = low - c6 * 15137;
    int rotated2 = low + c2 * 6270;
    int sum = ((b[i] + c4) << SCALE_BITS) + COLUMN_ROUND;
    int difference = ((b[i] - c4) << SCALE_BITS) + COLUMN_ROUND;
    int even0 = sum + rotated2;
    int even3 = sum - rotated2;
    int even1 = difference + rotated6;
    int even2 = difference - rotated6;

    int all = (c7 + c3 + c5 + c1) * 9633;
    int z1 = (c7 + c1) * -7373;
    int z2 = (c5 + c3) * -20995;
    int z3 = (c7 + c3) * -16069 + all;
    int z4 = (c5 + c1) * -3196 + all;
    int odd0 = c7 * 2446 + z1 + z3;
    int odd1 = c5 * 16819 + z2 + z4;
    int odd2 = c3 * 25172 + z2 + z3;
    int odd3 = c1 * 12299 + z1 + z4;

    b[i] = (even0 + odd3) >> COLUMN_SHIFT;
    b[i + 56] = (even0 - odd3) >> COLUMN_SHIFT;
    b[i + 8] = (even1 + odd2) >> COLUMN_SHIFT;
    b[i + 48] = (even1 - odd2) >> COLUMN_SHIFT;
    b[i + 16] = (even2 + odd1) >> COLUMN_SHIFT;
    b[i + 40] = (even2 - odd1) >> COLUMN_SHIFT;
    b[i + 24] = (even3 + odd0) >> COLUMN_SHIFT;
    b[i + 32] = (even3 - odd0) >> COLUMN_SHIFT;
  }

  private static void row(int[] b, int i, byte[] samples, int at) {
    int c1 = b[i + 1];
    int c2 = b[i + 2];
    int c3 = b[i + 3];
    int c4 = b[i + 4];
    int c5 = b[i + 5];
    int c6 = b[i + 6];
    int c7 = b[i + 7];
    int low = (c2 + c6) * 4433;
    int rotated6 = low - c6 * 15137;
    int rotated2 = low + c2 * 6270;
    int sum = ((b[i] + c4) << SCALE_BITS) + ROW_ROUND;
    int difference = ((b[i] - c4) << SCALE_BITS) + ROW_ROUND;
    int even0 = sum + rotated2;
    int even3 = sum - rotated2;
    int even1 = difference + rotated6;
    int even2 = difference - rotated6;

    int all = (c7 + c3 + c5 + c1) * 9633;
    int z1 = (c7 + c1) * -7373;
    int z2 = (c5 + c3) * -20995;
    int z3 = (c7 + c3) * -16069 + all;
    int z4 = (c5 + c1) * -3196 + all;
    int odd0 = c7 * 2446 + z1 + z3;
    int odd1 = c5 * 16819 + z2 + z4;
    int odd2 = c3 * 25172 + z2 + z3;
    int odd3 = c1 * 12299 + z1 + z4;

    samples[at] = sample(even0 + odd3);
    samples[at + 7] = sample(even0 - odd3);
    samples[at + 1] = sample(even1 + odd2);
    samples[at + 6] = sample(even1 - odd2);
    samples[at + 2] = sample(even2 + odd1);
    samples[at + 5] = sample(even2 - odd1);
    samples[at + 3] = sample(even3 + odd0);
    samples[at + 4] = sample(even3 - odd0);
  }

  private static byte sample(int scaled) {
    return SAMPLES[(scaled >> ROW_SHIFT) & (SAMPLES.length - 1)];
  }
}
