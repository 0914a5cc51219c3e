/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

/**
 * The cosine transform of a block of 8 x 8, in integers: eight rows, then eight columns, each with
 * eleven multiplications by constants of 13 fractional bits. Rounds where libjpeg's default
 * transform does, so both give the same coefficients.
 *
 * <p>Source: C. Loeffler, A. Ligtenberg, G. Moschytz, "Practical fast 1-D DCT algorithms with 11
 * multiplications", ICASSP 1989; ITU-T T.81, A.3.3.
 */
final class ForwardDct {
  /** Coefficients are this many times those of the standard's definition. */
  static final int GAIN = 8;

  /** Fractional bits of the constants. */
  private static final int SCALE_BITS = 13;

  /** Fractional bits kept between rows and columns. */
  private static final int EXTRA_BITS = 2;

  private static final int ROW_SHIFT = SCALE_BITS - EXTRA_BITS;
  private static final int ROW_ROUND = 1 << (ROW_SHIFT - 1);
  private static final int COLUMN_SHIFT = SCALE_BITS + EXTRA_BITS;
  private static final int COLUMN_ROUND = 1 << (COLUMN_SHIFT - 1);

  private ForwardDct() {}

  /**
   * Transforms a block.
   *
   * @param samples rows {@code stride} apart from {@code at} on
   * @param block receives the coefficients row by row
   */
  static void transform(byte[] samples, int at, int stride, int[] block) {
    int from = at;
    for (int row = 0; row < 64; row += 8) {
      row(samples, from, block, row);
      from += stride;
    }
    for (int column = 0; column < 8; column++) {
      column(block, column);
    }
  }

  private static void row(byte[] s, int at, int[] b, int i) {
    int s0 = s[at] & 0xff;
    int s1 = s[at + 1] & 0xff;
    int s2 = s[at + 2] & 0xff;
    int s3 = s[at + 3] & 0xff;
    int s4 = s[at + 4] & 0xff;
    int s5 = s[at + 5] & 0xff;
    int s6 = s[at + 6] & 0xff;
    int s7 = s[at + 7] & 0xff;
    int outer = s0 + s7 + s3 + s4;
    int inner = s1 + s6 + s2 + s5;
    int outerTurn = s0 + s7 - s3 - s4;
    int innerTurn = s1 + s6 - s2 - s5;
    // Samples are meant around 0: only the first coefficient sees it.
    b[i] = (outer + inner - 8 * 128) << EXTRA_BITS;
    b[i + 4] = (outer - inner) << EXTRA_BITS;
    int even = (innerTurn + outerTurn) * 4433 + ROW_ROUND;
    b[i + 2] = (even + outerTurn * 6270) >> ROW_SHIFT;
    b[i + 6] = (even - innerTurn * 15137) >> ROW_SHIFT;

    int d0 = s0 - s7;
    int d1 = s1 - s6;
    int d2 = s2 - s5;
    int d3 = s3 - s4;
    int all = (d3 + d1 + d2 + d0) * 9633 + ROW_ROUND;
    int z1 = (d3 + d0) * -7373;
    int z2 = (d2 + d1) * -20995;
    int z3 = (d3 + d1) * -16069 + all;
    int z4 = (d2 + d0) * -3196 + all;
    b[i + 7] = (d3 * 2446 + z1 + z3) >> ROW_SHIFT;
    b[i + 5] = (d2 * 16819 + z2 + z4) >> ROW_SHIFT;
    b[i + 3] = (d1 * 25172 + z2 + z3) >> ROW_SHIFT;
    b[i + 1] = (d0 * 12299 + z1 + z4) >> ROW_SHIFT;
  }

  private static void column(int[] b, int i) {
    int s0 = b[i];
    int s1 = b[i + 8];
    int s2 = b[i + 16];
    int s3 = b[i + 24];
    int s4 = b[i + 32];
    int s5 = b[i + 40];
    int s6 = b[i + 48];
    int s7 = b[i + 56];
    int outer = s0 + s7 + s3 + s4;
    int inner = s1 + s6 + s2 + s5;
    int outerTurn = s0 + s7 - s3 - s4;
    int innerTurn = s1 + s6 - s2 - s5;
    b[i] = (outer + inner + (1 << (EXTRA_BITS - 1))) >> EXTRA_BITS;
    b[i + 32] = (outer - inner + (1 << (EXTRA_BITS - 1))) >> EXTRA_BITS;
    int even = (innerTurn + outerTurn) * 4433 + COLUMN_ROUND;
    b[i + 16] = (even + outerTurn * 6270) >> COLUMN_SHIFT;
    b[i + 48] = (even - innerTurn * 15137) >> COLUMN_SHIFT;

    int d0 = s0 - s7;
    int d1 = s1 - s6;
    int d2 = s2 - s5;
    int d3 = s3 - s4;
    int all = (d3 + d1 + d2 + d0) * 9633 + COLUMN_ROUND;
    int z1 = (d3 + d0) * -7373;
    int z2 = (d2 + d1) * -20995;
    int z3 = (d3 + d1) * -16069 + all;
    int z4 = (d2 + d0) * -3196 + all;
    b[i + 56] = (d3 * 2446 + z1 + z3) >> COLUMN_SHIFT;
    b[i + 40] = (d2 * 16819 + z2 + z4) >> COLUMN_SHIFT;
    b[i + 24] = (d1 * 25172 + z2 + z3) >> COLUMN_SHIFT;
    b[i + 8] = (d0 * 12299 + z1 + z4) >> COLUMN_SHIFT;
  }
}
