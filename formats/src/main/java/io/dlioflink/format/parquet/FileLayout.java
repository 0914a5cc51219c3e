/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import java.util.Arrays;
import java.util.List;

/** What is remembered of a file: where the column chunks that may be read are. Immutable. */
final class FileLayout {
  private static final int CHUNK_MEMORY_BYTES = 80;

  private final List<Column> columns;
  private final int[] firstRows;
  private final List<Chunk> chunks;

  /**
   * Takes over what it is given.
   *
   * @param columns that may be read
   * @param firstRows of the row groups, and behind the last
   * @param chunks those of the columns in the first row group, in the second, ...
   */
  FileLayout(List<Column> columns, int[] firstRows, List<Chunk> chunks) {
    this.columns = columns;
    this.firstRows = firstRows;
    this.chunks = chunks;
  }

  List<Column> columns() {
    return columns;
  }

  int groups() {
    return firstRows.length - 1;
  }

  /** First row of a row group in the file. */
  int firstRow(int group) {
    return firstRows[group];
  }

  /** Rows of a row group. */
  int rows(int group) {
    return firstRows[group + 1] - firstRows[group];
  }

  /** The row group that holds a row of the file. */
  int groupOf(int row) {
    int found = Arrays.binarySearch(firstRows, row);
    if (found < 0) {
      return -found - 2;
    }
    // Row groups may be empty.
    while (rows(found) == 0) {
      found++;
    }
    return found;
  }

  Chunk chunk(int group, int column) {
    return chunks.get(group * columns.size() + column);
  }

  /** Memory it takes, roughly. */
  long sizeBytes() {
    long bytes = 256 + (long) Integer.BYTES * firstRows.length;
    for (Column column : columns) {
      bytes += 64 + 2L * column.name().length();
    }
    for (Chunk chunk : chunks) {
      bytes += CHUNK_MEMORY_BYTES + chunk.pages().map(PageIndex::sizeBytes).orElse(0L);
    }
    return bytes;
  }
}
