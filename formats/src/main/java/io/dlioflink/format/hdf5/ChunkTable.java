/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import java.util.Arrays;

/** Where the chunks of a dataset are. */
final class ChunkTable {
  private static final long UNDEFINED = -1;

  private final long[] offsets;
  private final int[] sizes;

  /** Null if all filters were used for all chunks. */
  private int[] masks;

  ChunkTable(int chunks) {
    offsets = new long[chunks];
    sizes = new int[chunks];
    Arrays.fill(offsets, UNDEFINED);
  }

  void put(int chunk, long offset, int bytes, int mask) {
    offsets[chunk] = offset;
    sizes[chunk] = bytes;
    if (mask != 0 && masks == null) {
      masks = new int[offsets.length];
    }
    if (masks != null) {
      masks[chunk] = mask;
    }
  }

  /** Whether a chunk was ever written; otherwise all its elements have the fill value. */
  boolean has(int chunk) {
    return offsets[chunk] != UNDEFINED;
  }

  /** Offset of a chunk in the file. */
  long offset(int chunk) {
    return offsets[chunk];
  }

  /** Bytes of a chunk as stored. */
  int bytes(int chunk) {
    return sizes[chunk];
  }

  /** A bit for each filter that was left out. */
  int mask(int chunk) {
    return masks == null ? 0 : masks[chunk];
  }

  /** Bytes this table takes. */
  long heapBytes() {
    return (long) offsets.length * (Long.BYTES + Integer.BYTES + (masks == null ? 0 : 4));
  }
}
