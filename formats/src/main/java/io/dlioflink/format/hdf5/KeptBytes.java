/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import java.util.Arrays;

/** Keeps compressed chunks, unless they get too many. */
final class KeptBytes implements ChunkCompressor.Sink {
  private static final int MOST_BYTES = 1 << 23;

  private byte[] bytes = new byte[1 << 16];
  private long length;

  @Override
  public void put(byte[] piece, int pieceBytes) {
    long end = length + pieceBytes;
    if (end <= MOST_BYTES) {
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.max(end, Math.min(MOST_BYTES, 2L * bytes.length)));
      }
      System.arraycopy(piece, 0, bytes, (int) length, pieceBytes);
    }
    length = end;
  }

  /** Whether all that was put is there. */
  boolean complete() {
    return length <= MOST_BYTES;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return (int) length;
  }

  void drop() {
    bytes = new byte[0];
  }
}
