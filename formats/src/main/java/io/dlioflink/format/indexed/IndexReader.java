/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.indexed;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.storage.Location;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads entries of both index files. */
final class IndexReader {
  /** Entries read at once. */
  static final int MAX_ENTRIES = 1 << 15;

  private static final int BUFFER_BYTES = MAX_ENTRIES * IndexFile.ENTRY_BYTES;
  private static final int PAGE_BYTES = 4096;

  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES + PAGE_BYTES)
          .alignedSlice(PAGE_BYTES)
          .order(ByteOrder.LITTLE_ENDIAN);
  private long[] offsets = new long[1];
  private long[] sizes = new long[1];

  /**
   * Reads the entries of consecutive samples.
   *
   * @param count at most {@link #MAX_ENTRIES}
   * @param samples that the file must hold, for the message
   */
  SampleEntries read(FileInput input, int first, int count, int samples) throws IOException {
    if (offsets.length < count) {
      offsets = new long[count];
      sizes = new long[count];
    }
    read(input, IndexFile.OFFSETS, first, count, samples, offsets);
    read(input, IndexFile.SIZES, first, count, samples, sizes);
    for (int i = 0; i < count; i++) {
      if (offsets[i] < 0 || sizes[i] < 0 || offsets[i] + sizes[i] < 0) {
        throw new BrokenFileException(
            location(input, offsets[i] < 0 ? IndexFile.OFFSETS : IndexFile.SIZES),
            ((long) first + i) * IndexFile.ENTRY_BYTES,
            "sample %d has %s bytes at byte %s, expected a place below 2^63"
                .formatted(
                    first + i, Long.toUnsignedString(sizes[i]), Long.toUnsignedString(offsets[i])));
      }
    }
    return new SampleEntries(first, count, offsets, sizes);
  }

  private void read(
      FileInput input, IndexFile index, int first, int count, int samples, long[] target)
      throws IOException {
    long position = (long) first * IndexFile.ENTRY_BYTES;
    int found = read(input, index, position, count * IndexFile.ENTRY_BYTES);
    if (found < count * IndexFile.ENTRY_BYTES) {
      throw wrongLength(input, index, position + found, samples);
    }
    buffer.asLongBuffer().get(target, 0, count);
  }

  private int read(FileInput input, IndexFile index, long position, int bytes) throws IOException {
    buffer.clear().limit(bytes);
    String path = index.path(input.file().path());
    int found = Math.max(0, input.readCompanion(path, position, buffer));
    buffer.flip();
    return found;
  }

  /** Checks that both index files end behind the entry of the last sample. */
  void requireLength(FileInput input, int samples) throws IOException {
    long expected = (long) samples * IndexFile.ENTRY_BYTES;
    for (IndexFile index : IndexFile.values()) {
      long length = expected;
      int found;
      do {
        found = read(input, index, length, BUFFER_BYTES);
        length += found;
      } while (found == BUFFER_BYTES);
      if (length != expected) {
        throw wrongLength(input, index, length, samples);
      }
    }
  }

  private static BrokenFileException wrongLength(
      FileInput input, IndexFile index, long length, int samples) {
    long odd = length % IndexFile.ENTRY_BYTES;
    return new BrokenFileException(
        location(input, index),
        length,
        "found %d samples%s, expected %d"
            .formatted(
                length / IndexFile.ENTRY_BYTES,
                odd == 0 ? "" : " and %d bytes".formatted(odd),
                samples));
  }

  static Location location(FileInput input, IndexFile index) {
    return input.file().root().child(index.path(input.file().path()));
  }
}
