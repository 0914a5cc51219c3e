/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Turns the inflated bytes of an image into rows of pixels. Rows stand in a buffer behind the one
 * above them; when it is full, the last one becomes the first.
 *
 * <p>Source: PNG specification, sections 7 to 9.
 */
final class PngRows {
  private static final int[] PASS_COLUMN = {0, 4, 0, 2, 0, 1, 0};
  private static final int[] PASS_ROW = {0, 0, 4, 0, 2, 0, 1};
  private static final int[] PASS_COLUMN_STEP = {8, 8, 4, 4, 2, 2, 1};
  private static final int[] PASS_ROW_STEP = {8, 8, 8, 4, 4, 2, 2};

  private final PixelRows pixels;
  private final int batchBytes;
  private byte[] buffer = new byte[0];
  private byte[] unpacked = new byte[0];
  private byte[] image = new byte[0];

  private PngHeader header;
  private int pass;
  private int passColumns;
  private int passRowsLeft;
  private int row;

  /** Bytes of a row with its filter. */
  private int stride;

  /** First row that is not yet restored, and end of what has been inflated. */
  private int next;

  private int end;
  private int capacity;

  PngRows(PixelRows pixels, int batchBytes) {
    this.pixels = pixels;
    this.batchBytes = batchBytes;
  }

  /** Starts an image. */
  void start(PngHeader of) {
    header = of;
    row = 0;
    int longest = 1 + header.packedRowBytes(header.columns());
    int wanted = longest * (1 + Math.max(1, batchBytes / longest));
    if (buffer.length < wanted) {
      buffer = new byte[wanted];
    }
    if (header.interlaced()) {
      if (image.length < header.imageBytes()) {
        image = new byte[(int) header.imageBytes()];
      }
      pass = -1;
      nextPass();
    } else {
      startPass(header.columns(), header.rows());
    }
  }

  private void startPass(int columns, int rows) {
    passColumns = columns;
    passRowsLeft = rows;
    stride = 1 + header.packedRowBytes(columns);
    // The row above the first is zero.
    Arrays.fill(buffer, 0, stride, (byte) 0);
    next = stride;
    end = stride;
    limit();
  }

  private void nextPass() {
    int columns;
    int rows;
    do {
      pass++;
      columns = count(header.columns(), PASS_COLUMN[pass], PASS_COLUMN_STEP[pass]);
      rows = count(header.rows(), PASS_ROW[pass], PASS_ROW_STEP[pass]);
    } while ((columns == 0 || rows == 0) && pass < PASS_ROW.length - 1);
    startPass(columns, columns == 0 ? 0 : rows);
  }

  private static int count(int size, int first, int step) {
    return size <= first ? 0 : (size - first + step - 1) / step;
  }

  /** Room for whole rows, as many as are left at most. */
  private void limit() {
    long wanted = Math.min(passRowsLeft, (buffer.length - stride) / stride);
    capacity = stride + (int) wanted * stride;
  }

  boolean begun() {
    return row > 0;
  }

  /** Whether all rows have come. */
  boolean complete() {
    return passRowsLeft == 0;
  }

  /**
   * Takes what the inflater has for the rows at hand.
   *
   * @return bytes taken
   */
  int inflate(Inflater inflater, FileInput input) throws DataFormatException, BrokenFileException {
    if (complete()) {
      // One more byte would be one too many; the check sum may still have to be read.
      if (inflater.inflate(buffer, 0, 1) > 0) {
        throw new BrokenFileException(
            input.location(), input.position(), "PNG image data go on after the last row");
      }
      return 0;
    }
    int produced = inflater.inflate(buffer, end, capacity - end);
    end += produced;
    while (end - next >= stride) {
      restore(input);
    }
    if (end == capacity) {
      if (passRowsLeft > 0) {
        System.arraycopy(buffer, end - stride, buffer, 0, stride);
        next = stride;
        end = stride;
        limit();
      } else if (header.interlaced() && pass < PASS_ROW.length - 1) {
        nextPass();
      }
      if (complete() && header.interlaced()) {
        emitImage();
      }
    }
    return produced;
  }

  private void restore(FileInput input) throws BrokenFileException {
    int filter = buffer[next] & 0xff;
    int packed = stride - 1;
    boolean legal =
        PngFilters.remove(
            filter, buffer, next + 1, next + 1 - stride, packed, header.filterDistance());
    if (!legal) {
      throw new BrokenFileException(
          input.location(), input.position(), "PNG row %d has filter %d".formatted(row, filter));
    }
    byte[] from = buffer;
    int at = next + 1;
    if (header.bits() < Byte.SIZE) {
      unpack(at);
      from = unpacked;
      at = 0;
    }
    if (header.interlaced()) {
      scatter(from, at);
    } else {
      pixels.row(from, at, passColumns * header.pixelBytes());
    }
    next += stride;
    passRowsLeft--;
    row++;
  }

  private void unpack(int at) {
    if (unpacked.length < passColumns) {
      unpacked = new byte[passColumns];
    }
    int bits = header.bits();
    int perByte = Byte.SIZE / bits;
    int mask = (1 << bits) - 1;
    for (int x = 0; x < passColumns; x++) {
      int shift = Byte.SIZE - bits - x % perByte * bits;
      unpacked[x] = (byte) ((buffer[at + x / perByte] >> shift) & mask);
    }
  }

  private void scatter(byte[] from, int at) {
    int pixelBytes = header.pixelBytes();
    int passRows = count(header.rows(), PASS_ROW[pass], PASS_ROW_STEP[pass]);
    int y = PASS_ROW[pass] + (passRows - passRowsLeft) * PASS_ROW_STEP[pass];
    int rowStart = (y * header.columns() + PASS_COLUMN[pass]) * pixelBytes;
    int step = PASS_COLUMN_STEP[pass] * pixelBytes;
    for (int x = 0; x < passColumns; x++) {
      for (int i = 0; i < pixelBytes; i++) {
        image[rowStart + x * step + i] = from[at + x * pixelBytes + i];
      }
    }
  }

  private void emitImage() {
    int rowBytes = (int) header.pixelRowBytes();
    for (int y = 0; y < header.rows(); y++) {
      pixels.row(image, y * rowBytes, rowBytes);
    }
  }
}
