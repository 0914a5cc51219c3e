/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import java.io.IOException;
import java.util.Arrays;

/**
 * Tells from the levels of a page how many values each wanted row has in it. Counts rows from page
 * to page.
 */
final class PageLevels {
  private final PageBytes page;
  private final RunLengths runs = new RunLengths();

  private Column column;
  private int from;
  private int to;

  /** Rows begun so far, within the row group. */
  private int row;

  /** Wanted rows that the page has part in: of the first and behind the last. */
  private int touchedFrom;

  private int touchedTo;

  /** Per wanted row: first entries (values and absent ones), then values in the page. */
  private int[] counts = new int[1];

  private long before;
  private long after;

  PageLevels(PageBytes page) {
    this.page = page;
  }

  /** Starts with the first row of a row group. */
  void start(Column next, int first, int end) {
    column = next;
    from = first;
    to = end;
    row = 0;
    if (counts.length < to - from) {
      counts = new int[to - from];
    }
  }

  /** Goes on with another row, which a page starts with. */
  void goTo(int next) {
    row = next;
  }

  /** Rows begun so far. */
  int row() {
    return row;
  }

  /**
   * Whether no page with a wanted row follows.
   *
   * @param aligned whether pages start with the start of a row
   */
  boolean done(boolean aligned) {
    return aligned ? row >= to : row > to;
  }

  /** Reads the levels the page starts with. */
  void read(PageHeader header, int groupRows) throws IOException {
    boolean v2 = header.type == Parquet.DATA_PAGE_V2;
    int end;
    if (column.maxRepetition() > 0) {
      end = readRepetition(header, v2);
    } else {
      end = row + Math.min(header.values, Integer.MAX_VALUE - row);
      touchedFrom = Math.min(Math.max(from, row), end);
      touchedTo = Math.max(Math.min(to, end), touchedFrom);
      Arrays.fill(counts, index(touchedFrom), index(touchedTo), 1);
      before = (long) touchedFrom - row;
    }
    if (end > groupRows || (v2 && header.rows != end - row)) {
      throw page.broken(
          "a page with rows %d to %d of %d, its head says %d"
              .formatted(row, end, groupRows, header.rows));
    }
    if (column.maxDefinition() > 0) {
      readDefinition(header, v2);
    } else {
      after = header.values - before;
      for (int i = index(touchedFrom); i < index(touchedTo); i++) {
        after -= counts[i];
      }
    }
    row = end;
  }

  private int index(int wanted) {
    return Math.min(Math.max(wanted - from, 0), to - from);
  }

  private int readRepetition(PageHeader header, boolean v2) throws IOException {
    startRuns(header.repetitionEncoding, v2, header.repetitionBytes, column.maxRepetition());
    // The page may go on with a row begun in the page before.
    touchedFrom = Math.max(from, Math.max(row - 1, 0));
    Arrays.fill(counts, index(touchedFrom), to - from, 0);
    before = 0;
    int current = row - 1;
    for (int i = 0; i < header.values; i++) {
      int level = runs.next();
      if (level == 0) {
        current++;
      } else if (current < 0 || level > column.maxRepetition()) {
        throw page.broken("value %d of a page has repetition level %d".formatted(i, level));
      }
      if (current < from) {
        before++;
      } else if (current < to) {
        counts[current - from]++;
      }
    }
    runs.finish();
    touchedTo = Math.max(touchedFrom, Math.min(to, current + 1));
    return current + 1;
  }

  private void readDefinition(PageHeader header, boolean v2) throws IOException {
    startRuns(header.definitionEncoding, v2, header.definitionBytes, column.maxDefinition());
    long entriesAfter = header.values - before;
    before = countPresent(before);
    for (int i = index(touchedFrom); i < index(touchedTo); i++) {
      entriesAfter -= counts[i];
      counts[i] = (int) countPresent(counts[i]);
    }
    after = countPresent(entriesAfter);
    runs.finish();
  }

  private long countPresent(long entries) throws IOException {
    long present = 0;
    for (long i = 0; i < entries; i++) {
      int level = runs.next();
      if (level == column.maxDefinition()) {
        present++;
      } else if (level > column.maxDefinition()) {
        throw page.broken(
            "definition level %d, expected at most %d".formatted(level, column.maxDefinition()));
      }
    }
    return present;
  }

  private void startRuns(int encoding, boolean v2, int bytes, int maxLevel) throws IOException {
    if (!v2 && encoding != Parquet.RLE) {
      throw page.unsupported("levels in encoding " + encoding);
    }
    int width = Integer.SIZE - Integer.numberOfLeadingZeros(maxLevel);
    runs.start(page, width, v2 ? bytes : page.nextInt());
  }

  /** Values before those of wanted rows. */
  long before() {
    return before;
  }

  /** The first wanted row that may have values in the page. */
  int touchedFrom() {
    return index(touchedFrom);
  }

  /** Behind the last one; both count from the first wanted row. */
  int touchedTo() {
    return index(touchedTo);
  }

  /** Values of a wanted row in the page. */
  int values(int wanted) {
    return counts[wanted];
  }

  /** Values behind those of wanted rows. */
  long after() {
    return after;
  }
}
