/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import io.dlioflink.format.FileInput;
import java.io.Closeable;
import java.io.IOException;

/**
 * Reads rows of one column chunk after the other, page by page. Every byte of a page that is read
 * is looked at, every value in it found; of the pages of a chunk only those with the rows wanted
 * are read if the file has an offset index, else all up to them.
 */
final class ChunkReader implements Closeable {
  private final CompactReader reader = new CompactReader();
  private final PageHeader header = new PageHeader();
  private final PageBytes page = new PageBytes();
  private final PageLevels levels = new PageLevels(page);
  private final PageValues values = new PageValues(page);

  private FileInput input;
  private Column column;
  private Chunk chunk;
  private int groupRows;
  private long valuesSeen;

  /**
   * Reads rows, counted within the row group.
   *
   * @param rows of the row group
   * @param firstRow first row wanted
   * @param endRow row behind the last wanted
   * @param readable offset up to which the input may read ahead, at or behind the last page needed
   * @param rowBytes to which the value bytes of the rows wanted are added, the first at index 0
   */
  void read(
      FileInput from,
      Column readColumn,
      Chunk readChunk,
      int rows,
      int firstRow,
      int endRow,
      long readable,
      long[] rowBytes)
      throws IOException {
    input = from;
    reader.start(input, "column chunk");
    column = readColumn;
    chunk = readChunk;
    groupRows = rows;
    valuesSeen = 0;
    values.forgetDictionary();
    levels.start(column, firstRow, endRow);
    int index = chunk.pages().map(pages -> pages.pageOf(firstRow)).orElse(-1);
    if (index > 0) {
      if (chunk.hasDictionary()) {
        input.seek(chunk.start(), chunk.dataStart());
        readHead(chunk.dataStart());
        readDictionary();
      }
      PageIndex pages = chunk.pages().orElseThrow();
      input.seek(pages.offset(index), readable);
      levels.goTo(pages.firstRow(index));
    } else {
      input.seek(chunk.start(), readable);
    }
    readPages(index, endRow == groupRows, rowBytes);
  }

  private void readPages(int firstPage, boolean last, long[] rowBytes) throws IOException {
    int index = firstPage;
    boolean whole = firstPage <= 0;
    boolean aligned = column.maxRepetition() == 0 || firstPage >= 0;
    while ((last || !levels.done(aligned)) && input.position() < chunk.end()) {
      long start = input.position();
      readHead(chunk.end());
      switch (header.type) {
        case Parquet.DICTIONARY_PAGE -> readDictionary();
        case Parquet.DATA_PAGE, Parquet.DATA_PAGE_V2 -> {
          readData(index, start, rowBytes);
          index += index >= 0 ? 1 : 0;
        }
        default -> input.skip(header.storedBytes, "Parquet page");
      }
    }
    if (input.position() == chunk.end() || !levels.done(aligned)) {
      requireEnd(whole);
    }
  }

  private void requireEnd(boolean whole) throws IOException {
    if (levels.row() != groupRows || (whole && valuesSeen != chunk.values())) {
      throw reader.broken(
          "column %s ends with %d values in %d rows, expected %d in %d"
              .formatted(column.name(), valuesSeen, levels.row(), chunk.values(), groupRows));
    }
  }

  /** Reads the head of a page that ends at an offset at the latest. */
  private void readHead(long end) throws IOException {
    reader.start(input, "head of a page");
    header.read(reader);
    if (header.storedBytes > end - input.position()) {
      throw reader.broken(
          "%d bytes follow, the pages end in %d"
              .formatted(header.storedBytes, end - input.position()));
    }
  }

  private void readDictionary() throws IOException {
    if (header.type != Parquet.DICTIONARY_PAGE || valuesSeen > 0) {
      throw reader.broken("type %d where a dictionary is expected".formatted(header.type));
    }
    page.start(input, header, chunk.codec());
    values.readDictionary(column, header);
    page.finish();
  }

  private void readData(int index, long start, long[] rowBytes) throws IOException {
    valuesSeen += header.values;
    if (valuesSeen > chunk.values()) {
      throw reader.broken(
          "%d values up to here, the column has %d".formatted(valuesSeen, chunk.values()));
    }
    int firstRow = levels.row();
    page.start(input, header, chunk.codec());
    long end = input.position() + header.storedBytes;
    levels.read(header, groupRows);
    long bytes = values.read(column, header, levels, rowBytes);
    page.finish();
    if (index >= 0) {
      requireIndexed(index, start, end, firstRow, bytes);
    }
  }

  private void requireIndexed(int index, long start, long end, int firstRow, long bytes)
      throws IOException {
    PageIndex pages = chunk.pages().orElseThrow();
    boolean same =
        index < pages.pages()
            && pages.offset(index) == start
            && pages.end(index) == end
            && pages.firstRow(index) == firstRow
            && (index + 1 < pages.pages() ? pages.firstRow(index + 1) : groupRows) == levels.row()
            && !(column.valueBytes() == Column.VARIABLE && pages.contradicts(index, bytes));
    if (!same) {
      throw reader.broken(
          "page %d from %d to %d holds rows %d to %d and %d value bytes: the offset index differs"
              .formatted(index, start, end, firstRow, levels.row(), bytes));
    }
  }

  @Override
  public void close() {
    page.close();
  }
}
