/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import java.util.Arrays;

/**
 * Numbers of the JPEG format that reader and writer share.
 *
 * <p>Source: ITU-T T.81 (ISO/IEC 10918-1), annex B (markers), annex A (zig-zag order).
 */
final class Jpeg {
  static final int START_OF_IMAGE = 0xd8;
  static final int END_OF_IMAGE = 0xd9;
  static final int BASELINE_FRAME = 0xc0;
  static final int EXTENDED_FRAME = 0xc1;
  static final int PROGRESSIVE_FRAME = 0xc2;
  static final int LAST_FRAME = 0xcf;
  static final int HUFFMAN_TABLES = 0xc4;
  static final int JPEG_EXTENSION = 0xc8;
  static final int FIRST_RESTART = 0xd0;
  static final int START_OF_SCAN = 0xda;
  static final int QUANTIZATION_TABLES = 0xdb;
  static final int NUMBER_OF_LINES = 0xdc;
  static final int RESTART_INTERVAL = 0xdd;
  static final int HIERARCHICAL = 0xde;
  static final int EXPANSION = 0xdf;
  static final int FIRST_APPLICATION = 0xe0;
  static final int APPLICATION_2 = 0xe2;
  static final int ADOBE = 0xee;
  static final int LAST_APPLICATION = 0xef;
  static final int COMMENT = 0xfe;

  /** Samples on each side of a block. */
  static final int BLOCK = 8;

  static final int BLOCK_SAMPLES = 64;

  /** Coefficients of a block, and room for the longest run past its end, which is found later. */
  static final int BLOCK_ROOM = BLOCK_SAMPLES + 16;

  /** Place in a block, row by row, of each coefficient in the order of the file. */
  static final int[] NATURAL_ORDER = naturalOrder();

  private Jpeg() {}

  private static int[] naturalOrder() {
    int[] order = new int[BLOCK_ROOM];
    int at = 0;
    for (int diagonal = 0; diagonal < 2 * BLOCK - 1; diagonal++) {
      int from = Math.max(0, diagonal - BLOCK + 1);
      int to = Math.min(diagonal, BLOCK - 1);
      for (int i = from; i <= to; i++) {
        int row = diagonal % 2 == 0 ? diagonal - i : i;
        order[at++] = row * BLOCK + diagonal - row;
      }
    }
    Arrays.fill(order, at, order.length, BLOCK_SAMPLES - 1);
    return order;
  }
}
