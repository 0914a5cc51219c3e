/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import java.util.Optional;

/**
 * The values of one column in one row group.
 *
 * @param start offset of its first page
 * @param dataStart offset of its first page that is no dictionary
 * @param end offset behind its last page
 * @param codec of its pages
 * @param values how many, absent ones among them
 * @param pages where its pages are, if the file says so
 */
record Chunk(
    long start, long dataStart, long end, int codec, long values, Optional<PageIndex> pages) {

  boolean hasDictionary() {
    return dataStart > start;
  }

  /** Offset of the first byte needed to read on from a row of the row group. */
  long neededStart(int row) {
    int page = pages.map(index -> index.pageOf(row)).orElse(0);
    // The dictionary, if the page is not the first, is a read of its own.
    return page == 0 ? start : pages.orElseThrow().offset(page);
  }

  /** Offset behind the last byte needed to read the rows before one. */
  long neededEnd(int row) {
    return pages.map(index -> index.end(index.pageOf(row - 1))).orElse(end);
  }
}
