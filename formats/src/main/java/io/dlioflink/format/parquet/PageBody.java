/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import io.dlioflink.format.FileOutput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.SampleContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The uncompressed bytes of one page: values of some rows of one column in encoding PLAIN. They can
 * be made as often as needed.
 */
final class PageBody {
  /** Small enough to stay in the processor's cache between making and looking. */
  private static final int PIECE_BYTES = 1 << 16;

  private static final int LABEL_COLUMN = 0;

  private final ByteBuffer piece =
      ByteBuffer.allocateDirect(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private FileSpec file;
  private SampleContent content;
  private ParquetLayout layout;
  private int column;
  private int firstRow;
  private int rows;

  /** Takes the pieces of the page. */
  @FunctionalInterface
  interface Consumer {
    /** Consumes all remaining bytes. */
    void accept(ByteBuffer bytes) throws IOException;
  }

  void startFile(FileSpec next, SampleContent nextContent, ParquetLayout nextLayout) {
    file = next;
    content = nextContent;
    layout = nextLayout;
  }

  /** Goes to a page; rows count within the file. */
  void startPage(int pageColumn, int pageFirstRow, int pageRows) {
    column = pageColumn;
    firstRow = pageFirstRow;
    rows = pageRows;
  }

  int rows() {
    return rows;
  }

  /** Bytes of the page. */
  int bytes() {
    return Math.toIntExact(layout.storedBytes(column) * rows);
  }

  /** Makes the page in a buffer that has room for it. */
  void fill(ByteBuffer target) {
    for (int row = 0; row < rows; row++) {
      if (column == LABEL_COLUMN) {
        target.putLong(0);
      } else {
        int bytes = (int) layout.valueBytes(column);
        target.putInt(bytes);
        int limit = target.limit();
        target.limit(target.position() + bytes);
        fillValue(row, 0, target);
        target.limit(limit);
      }
    }
  }

  /** Makes the page piece by piece. */
  void forEachPiece(Consumer consumer) throws IOException {
    piece.clear();
    for (int row = 0; row < rows; row++) {
      require(Long.BYTES, consumer);
      if (column == LABEL_COLUMN) {
        piece.putLong(0);
      } else {
        piece.putInt((int) layout.valueBytes(column));
        forEachPieceOfValue(row, consumer);
      }
    }
    require(PIECE_BYTES, consumer);
  }

  private void forEachPieceOfValue(int row, Consumer consumer) throws IOException {
    int elementBytes = file.elementType().bytes();
    long bytes = layout.valueBytes(column);
    long done = 0;
    while (done < bytes) {
      require(elementBytes, consumer);
      int room = piece.remaining() - piece.remaining() % elementBytes;
      int length = (int) Math.min(room, bytes - done);
      piece.limit(piece.position() + length);
      fillValue(row, done, piece);
      piece.limit(PIECE_BYTES);
      done += length;
    }
  }

  /** Hands on what has been made unless there is room for more. */
  private void require(int bytes, Consumer consumer) throws IOException {
    if (piece.remaining() < bytes) {
      consumer.accept(piece.flip());
      piece.clear();
    }
  }

  /** Appends the page to a file. */
  void generate(FileOutput output) throws IOException {
    for (int row = 0; row < rows; row++) {
      int current = row;
      long bytes = layout.valueBytes(column);
      if (column == LABEL_COLUMN) {
        output.put(new byte[Long.BYTES]);
      } else {
        output.put(littleEndian((int) bytes));
        output.generate(
            bytes,
            file.elementType().bytes(),
            (offset, target) -> fillValue(current, offset, target));
      }
    }
  }

  private static byte[] littleEndian(int value) {
    return new byte[] {
      (byte) value, (byte) (value >>> 8), (byte) (value >>> 16), (byte) (value >>> 24)
    };
  }

  private void fillValue(int row, long offset, ByteBuffer target) {
    content.fill(file, firstRow + row, layout.valueOffset(column) + offset, target);
  }
}
