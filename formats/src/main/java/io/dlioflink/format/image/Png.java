/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

/**
 * Numbers of the PNG format that reader and writer share.
 *
 * <p>Source: W3C Portable Network Graphics (PNG) Specification, Third Edition.
 */
final class Png {
  /** Big-endian. */
  static final long SIGNATURE = 0x89504e470d0a1a0aL;

  static final int SIGNATURE_BYTES = Long.BYTES;

  static final int HEADER = 0x49484452;
  static final int PALETTE = 0x504c5445;
  static final int DATA = 0x49444154;
  static final int END = 0x49454e44;

  static final int HEADER_BYTES = 13;

  /** Length, type and CRC of a chunk. */
  static final int CHUNK_OVERHEAD_BYTES = 12;

  static final int GREY = 0;
  static final int COLOUR = 2;
  static final int INDEXED = 3;
  static final int GREY_ALPHA = 4;
  static final int COLOUR_ALPHA = 6;

  static final int FILTER_NONE = 0;
  static final int FILTER_SUB = 1;
  static final int FILTER_UP = 2;
  static final int FILTER_AVERAGE = 3;
  static final int FILTER_PAETH = 4;

  private Png() {}

  /** The neighbour (left, above, above left) that is closest to left + above - aboveLeft. */
  static int paeth(int left, int above, int aboveLeft) {
    int toLeft = Math.abs(above - aboveLeft);
    int toAbove = Math.abs(left - aboveLeft);
    int toAboveLeft = Math.abs(left + above - 2 * aboveLeft);
    if (toLeft <= toAbove && toLeft <= toAboveLeft) {
      return left;
    }
    return toAbove <= toAboveLeft ? above : aboveLeft;
  }
}
