/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/**
 * The bytes of a page as they stand in the file, piece by piece out of the input's buffer. Their
 * CRC is computed whether or not the page has one to compare with: so every byte has been looked
 * at.
 */
final class StoredBytes {
  private final CRC32 crc = new CRC32();
  private FileInput input;
  private ByteBuffer viewed;
  private ByteBuffer view;
  private int left;

  /** Starts with the bytes the input stands before. */
  void start(FileInput from, int bytes) {
    if (input != from) {
      viewed = from.window();
      view = viewed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
    input = from;
    left = bytes;
    crc.reset();
  }

  /** Bytes not yet handed out. */
  int left() {
    return left;
  }

  /**
   * The next bytes, at least one; valid until the next call.
   *
   * @param most how many at most; at least 1, and no more than are left
   */
  ByteBuffer next(int most) throws IOException {
    if (!viewed.hasRemaining() && !input.fill()) {
      throw new BrokenFileException(
          input.location(),
          input.position(),
          "a page goes on for %d bytes, the file or what holds the page ends".formatted(left));
    }
    int start = viewed.position();
    int end = start + Math.min(Math.min(most, left), viewed.remaining());
    view.limit(end).position(start);
    crc.update(view);
    view.position(start);
    viewed.position(end);
    left -= end - start;
    return view;
  }

  /** CRC-32 of what was handed out. */
  int crc() {
    return (int) crc.getValue();
  }

  /** What is wrong with the page. */
  BrokenFileException broken(String problem) {
    return new BrokenFileException(input.location(), input.position(), problem);
  }

  FileInput input() {
    return input;
  }
}
