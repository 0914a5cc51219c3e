/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import java.util.Arrays;

/** Sizes of the pages of a file in the order in which they were written. */
final class WrittenPages {
  private int[] lengths = new int[64];
  private int pages;
  private long[] uncompressedChunks = new long[16];
  private int chunks;

  void clear() {
    pages = 0;
    chunks = 0;
  }

  /** Begins the next column chunk. */
  void addChunk() {
    if (chunks == uncompressedChunks.length) {
      uncompressedChunks = Arrays.copyOf(uncompressedChunks, 2 * chunks);
    }
    uncompressedChunks[chunks++] = 0;
  }

  /** Adds a page to the column chunk: its bytes in the file and uncompressed, head and all. */
  void addPage(int length, long uncompressedLength) {
    if (pages == lengths.length) {
      lengths = Arrays.copyOf(lengths, 2 * pages);
    }
    lengths[pages++] = length;
    uncompressedChunks[chunks - 1] += uncompressedLength;
  }

  /** Bytes of a page in the file, its head included. */
  int length(int page) {
    return lengths[page];
  }

  /** Bytes of a column chunk uncompressed, heads of pages included. */
  long uncompressedBytes(int chunk) {
    return uncompressedChunks[chunk];
  }
}
