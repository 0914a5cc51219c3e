/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import java.io.IOException;

/**
 * Decodes Parquet's hybrid of run lengths and bit packing: levels and indices into dictionaries.
 * Source: parquet-format {@code Encodings.md}, encoding RLE.
 */
final class RunLengths {
  private PageBytes bytes;
  private int bitWidth;

  /** Bytes left in the page when those of this section are used up. */
  private int leftBehind;

  private long runLeft;
  private boolean packed;
  private int runValue;
  private long bits;
  private int bitCount;

  /**
   * Starts a section of the page.
   *
   * @param width bits per value, 0 to 32
   * @param length bytes of the section
   */
  void start(PageBytes page, int width, int length) throws IOException {
    if (length < 0 || length > page.left()) {
      throw page.broken(
          "a section of %d bytes in the %d left of a page".formatted(length, page.left()));
    }
    if (width > Integer.SIZE) {
      throw page.broken("values of %d bits, expected at most 32".formatted(width));
    }
    bytes = page;
    bitWidth = width;
    leftBehind = page.left() - length;
    runLeft = 0;
  }

  /** The next value. */
  int next() throws IOException {
    while (runLeft == 0) {
      startRun();
    }
    runLeft--;
    return packed ? unpack() : runValue;
  }

  private void startRun() throws IOException {
    requireMore();
    long head = bytes.nextVarint();
    packed = (head & 1) != 0;
    if (packed) {
      bits = 0;
      bitCount = 0;
      runLeft = (head >>> 1) * Byte.SIZE;
      return;
    }
    runLeft = head >>> 1;
    runValue = 0;
    for (int shift = 0; shift < bitWidth; shift += Byte.SIZE) {
      requireMore();
      runValue |= bytes.nextByte() << shift;
    }
  }

  private int unpack() throws IOException {
    while (bitCount < bitWidth) {
      requireMore();
      bits |= (long) bytes.nextByte() << bitCount;
      bitCount += Byte.SIZE;
    }
    int value = (int) (bits & ((1L << bitWidth) - 1));
    bits >>>= bitWidth;
    bitCount -= bitWidth;
    return value;
  }

  private void requireMore() throws IOException {
    if (bytes.left() <= leftBehind) {
      throw bytes.broken("levels or indices go on where their section ends");
    }
  }

  /** Passes over what is left of the section. */
  void finish() throws IOException {
    if (bytes.left() < leftBehind) {
      throw bytes.broken("levels or indices go on where their section ends");
    }
    bytes.skip(bytes.left() - leftBehind);
  }
}
