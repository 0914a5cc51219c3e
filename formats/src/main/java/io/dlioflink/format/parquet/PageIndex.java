/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import java.io.IOException;
import java.util.Arrays;

/** Where the data pages of a column chunk are: Parquet's offset index. Immutable once read. */
final class PageIndex {
  private int pages;
  private long[] offsets = new long[8];
  private int[] lengths = new int[8];
  private int[] firstRows = new int[8];

  /** Bytes of the values of each page, without their lengths; empty if the file does not say. */
  private long[] valueBytes = {};

  private PageIndex() {}

  /** Reads the index of a chunk of some rows, whose pages lie between two offsets. */
  static PageIndex read(CompactReader reader, long start, long end, int rows) throws IOException {
    PageIndex index = new PageIndex();
    int field = 0;
    while ((field = reader.nextField(field)) != CompactReader.STOP) {
      switch (field) {
        case 1 -> {
          int count = reader.structs();
          for (int i = 0; i < count; i++) {
            index.readLocation(reader);
          }
        }
        case 2 -> index.readValueBytes(reader);
        default -> reader.skip();
      }
    }
    index.check(reader, start, end, rows);
    return index;
  }

  private void readLocation(CompactReader reader) throws IOException {
    long offset = -1;
    int length = -1;
    long firstRow = -1;
    int field = 0;
    while ((field = reader.nextField(field)) != CompactReader.STOP) {
      switch (field) {
        case 1 -> offset = reader.i64();
        case 2 -> length = reader.i32();
        case 3 -> firstRow = reader.i64();
        default -> reader.skip();
      }
    }
    boolean inOrder =
        pages == 0 ? firstRow == 0 : firstRow >= firstRows[pages - 1] && offset >= end(pages - 1);
    if (!inOrder
        || offset < 0
        || length < 1
        || offset > Long.MAX_VALUE - length
        || firstRow > Integer.MAX_VALUE) {
      throw reader.broken(
          "page %d at %d of %d bytes with rows from %d does not follow the one before"
              .formatted(pages, offset, length, firstRow));
    }
    if (pages == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * pages);
      lengths = Arrays.copyOf(lengths, 2 * pages);
      firstRows = Arrays.copyOf(firstRows, 2 * pages);
    }
    offsets[pages] = offset;
    lengths[pages] = length;
    firstRows[pages] = (int) firstRow;
    pages++;
  }

  private void readValueBytes(CompactReader reader) throws IOException {
    int count = reader.i64s();
    int read = 0;
    for (int i = 0; i < count; i++) {
      if (read == valueBytes.length) {
        valueBytes = Arrays.copyOf(valueBytes, Math.max(8, 2 * read));
      }
      valueBytes[read++] = reader.nextI64();
    }
    valueBytes = Arrays.copyOf(valueBytes, read);
  }

  private void check(CompactReader reader, long start, long end, int rows) throws IOException {
    if (pages == 0
        || offsets[0] != start
        || end(pages - 1) != end
        || firstRows[pages - 1] >= rows) {
      throw reader.broken(
          "%d pages do not make up the %d rows at %d to %d".formatted(pages, rows, start, end));
    }
    if (valueBytes.length > 0 && valueBytes.length != pages) {
      throw reader.broken("sizes of %d pages, expected %d".formatted(valueBytes.length, pages));
    }
    offsets = Arrays.copyOf(offsets, pages);
    lengths = Arrays.copyOf(lengths, pages);
    firstRows = Arrays.copyOf(firstRows, pages);
  }

  int pages() {
    return pages;
  }

  /** The page that a row, counted within the row group, starts in. */
  int pageOf(int row) {
    int found = Arrays.binarySearch(firstRows, row);
    if (found < 0) {
      return -found - 2;
    }
    // Of pages that start with the same row all but the last are empty.
    while (found + 1 < pages && firstRows[found + 1] == row) {
      found++;
    }
    return found;
  }

  long offset(int page) {
    return offsets[page];
  }

  /** Offset behind a page. */
  long end(int page) {
    return offsets[page] + lengths[page];
  }

  int firstRow(int page) {
    return firstRows[page];
  }

  /** Whether a page is known to hold another number of value bytes. */
  boolean contradicts(int page, long bytes) {
    return valueBytes.length > 0 && valueBytes[page] != bytes;
  }

  /** Memory it takes. */
  long sizeBytes() {
    return 64 + (Long.BYTES + 2L * Integer.BYTES) * pages + (long) Long.BYTES * valueBytes.length;
  }
}
