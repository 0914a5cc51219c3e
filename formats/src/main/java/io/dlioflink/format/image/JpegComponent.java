/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

/** One component (grey, or a colour channel) of the image being decoded; reused for each image. */
final class JpegComponent {
  /** As the file calls it. */
  int id;

  /** Horizontal sampling factor: blocks beside each other in one unit of the scan. */
  int horizontal;

  /** Vertical sampling factor: rows of blocks in one unit of the scan. */
  int vertical;

  /** Blocks beside each other in the image, without those that only fill up units. */
  int blockColumns;

  /** Rows of blocks in the image, without those that only fill up units. */
  int blockRows;

  /** Number of its quantization table. */
  int quantization;

  /** Tables of the current scan. */
  HuffmanTable dcTable;

  HuffmanTable acTable;

  /** First coefficient of the block before, in the current scan. */
  int previous;

  /** Whether a scan has brought first coefficients. */
  boolean begun;

  /** Samples of one row of units, rows {@link #stride} apart. */
  byte[] samples = new byte[0];

  int stride;

  /** By row of blocks: coefficients of images that come in several scans, made as they come. */
  short[][] coefficients = new short[0][];

  /** Where the samples of a block stand in {@link #samples}. */
  int sampleIndex(int column, int row) {
    return row % vertical * Jpeg.BLOCK * stride + column * Jpeg.BLOCK;
  }

  /** The coefficients of a row of blocks, each block row by row. */
  short[] coefficients(int row) {
    short[] found = coefficients[row];
    if (found == null) {
      found = new short[stride * Jpeg.BLOCK];
      coefficients[row] = found;
    }
    return found;
  }
}
