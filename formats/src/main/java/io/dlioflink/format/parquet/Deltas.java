/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import java.io.IOException;
import java.util.Arrays;

/** Decodes integers in encoding DELTA_BINARY_PACKED; source: parquet-format Encodings.md. */
final class Deltas {
  private static final int MAX_MINIBLOCKS = 1024;

  private PageBytes bytes;
  private int miniblockValues;
  private int[] bitWidths = new int[8];
  private int miniblocks;
  private int miniblock;

  /** Values not yet returned. */
  private long left;

  private long value;
  private boolean first;
  private long minDelta;
  private int inMiniblock;
  private long bits;
  private int bitCount;

  /**
   * Starts where the page stands.
   *
   * @param values how many are expected
   */
  void start(PageBytes page, long values) throws IOException {
    bytes = page;
    long blockValues = page.nextVarint();
    long blocks = page.nextVarint();
    left = page.nextVarint();
    value = unzigzag(page.nextVarint());
    boolean sane =
        blocks > 0
            && blocks <= MAX_MINIBLOCKS
            && blockValues > 0
            && blockValues <= Integer.MAX_VALUE
            && blockValues % blocks == 0
            && blockValues / blocks % Byte.SIZE == 0;
    if (!sane) {
      throw page.broken("delta blocks of %d values in %d parts".formatted(blockValues, blocks));
    }
    if (left != values) {
      throw page.broken("%d delta-encoded values, expected %d".formatted(left, values));
    }
    miniblockValues = (int) (blockValues / blocks);
    miniblocks = (int) blocks;
    miniblock = miniblocks;
    inMiniblock = miniblockValues;
    first = true;
    if (miniblocks > bitWidths.length) {
      bitWidths = Arrays.copyOf(bitWidths, miniblocks);
    }
  }

  /** The next value. */
  long next() throws IOException {
    left--;
    if (first) {
      first = false;
      return value;
    }
    if (inMiniblock == miniblockValues) {
      startMiniblock();
    }
    inMiniblock++;
    value += minDelta + unpack(bitWidths[miniblock]);
    return value;
  }

  private void startMiniblock() throws IOException {
    miniblock++;
    if (miniblock >= miniblocks) {
      minDelta = unzigzag(bytes.nextVarint());
      for (int i = 0; i < miniblocks; i++) {
        bitWidths[i] = bytes.nextByte();
        if (bitWidths[i] > Long.SIZE) {
          throw bytes.broken("deltas of %d bits, expected at most 64".formatted(bitWidths[i]));
        }
      }
      miniblock = 0;
    }
    inMiniblock = 0;
    bits = 0;
    bitCount = 0;
  }

  private long unpack(int width) throws IOException {
    long result = 0;
    int done = 0;
    while (done < width) {
      if (bitCount == 0) {
        bits = bytes.nextByte();
        bitCount = Byte.SIZE;
      }
      int taken = Math.min(bitCount, width - done);
      result |= (bits & ((1L << taken) - 1)) << done;
      bits >>>= taken;
      bitCount -= taken;
      done += taken;
    }
    return result;
  }

  /** Passes over the padding of the last miniblock; all values have been returned. */
  void finish() throws IOException {
    if (left > 0) {
      throw new IllegalStateException(left + " values left");
    }
    if (miniblock < miniblocks) {
      long padding = (long) (miniblockValues - inMiniblock) * bitWidths[miniblock] - bitCount;
      bytes.skip((int) Math.min(padding / Byte.SIZE, Integer.MAX_VALUE));
    }
  }

  private static long unzigzag(long encoded) {
    return (encoded >>> 1) ^ -(encoded & 1);
  }
}
