/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The text index beside a record file: a line {@code <offset> <length>} per record, both in bytes
 * and with the framing.
 *
 * <p>Sources: DALI {@code tools/tfrecord2idx}; DLIO {@code data_generator/tf_generator.py}.
 */
final class RecordIndex {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int PAGE_BYTES = 4096;
  private static final int END = -1;

  /** Made for the first index. */
  private ByteBuffer buffer;

  private FileInput input;
  private String path;
  private Location location;

  /** Offset in the index of the end of the buffer. */
  private long bufferEnd;

  private boolean endKnown;
  private int records;
  private long recordsEnd;

  /**
   * Reads the index of the file that is open.
   *
   * @param offsets receives the offsets of records and, behind them, of their end
   * @param samples that the index must have at least; more are not looked at
   * @param complete whether it must have exactly so many
   * @return false if there is no index
   */
  boolean read(FileInput file, RecordOffsets offsets, int samples, boolean complete)
      throws IOException {
    input = file;
    path = TfRecordFormat.indexPath(file.file().path());
    location = file.file().root().child(path);
    if (!begin()) {
      return false;
    }
    records = 0;
    recordsEnd = 0;
    int next = next();
    while (next != END && records < samples) {
      next = readLine(next);
      offsets.append(recordsEnd);
    }
    int lines = records;
    while (next != END && complete) {
      next = readLine(next);
      lines = records;
    }
    if (lines < samples || (complete && lines != samples)) {
      throw new BrokenFileException(
          location, position(), "found %d samples, expected %d".formatted(lines, samples));
    }
    return true;
  }

  /** Where the index is. */
  Location location() {
    return location;
  }

  private boolean begin() throws IOException {
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect(BUFFER_BYTES + PAGE_BYTES).alignedSlice(PAGE_BYTES);
      buffer.limit(BUFFER_BYTES);
    }
    bufferEnd = 0;
    endKnown = false;
    try {
      fill();
      return true;
    } catch (StorageException e) {
      if (e.reason() == StorageException.Reason.MISSING) {
        return false;
      }
      throw e;
    }
  }

  private void fill() throws IOException {
    buffer.clear().limit(BUFFER_BYTES);
    int read = Math.max(0, input.readCompanion(path, bufferEnd, buffer));
    endKnown = read < BUFFER_BYTES;
    bufferEnd += read;
    buffer.flip();
  }

  private int next() throws IOException {
    if (!buffer.hasRemaining()) {
      if (endKnown) {
        return END;
      }
      fill();
      if (!buffer.hasRemaining()) {
        return END;
      }
    }
    return buffer.get() & 0xff;
  }

  private long position() {
    return bufferEnd - buffer.remaining();
  }

  /** Reads a line that starts with a character; returns the first character of the next one. */
  private int readLine(int first) throws IOException {
    long lineOffset = position() - 1;
    long offset = readNumber(first, ' ', lineOffset);
    long length = readNumber(next(), '\n', lineOffset);
    if (offset != recordsEnd || length < Framing.BYTES || length > Long.MAX_VALUE - offset) {
      throw new BrokenFileException(
          location,
          lineOffset,
          "index has record %d at byte %d with %d bytes, expected byte %d and at least %d bytes"
              .formatted(records, offset, length, recordsEnd, Framing.BYTES));
    }
    records++;
    recordsEnd = offset + length;
    return next();
  }

  private long readNumber(int first, char end, long lineOffset) throws IOException {
    long number = 0;
    int digits = 0;
    int next = first;
    while (next >= '0' && next <= '9' && number <= (Long.MAX_VALUE - 9) / 10) {
      number = number * 10 + (next - '0');
      digits++;
      next = next();
    }
    boolean ended = next == end || (next == END && end == '\n');
    if (digits == 0 || !ended) {
      throw new BrokenFileException(
          location, lineOffset, "no line '<offset> <length>' for record %d".formatted(records));
    }
    return number;
  }
}
