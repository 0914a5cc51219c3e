/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import java.io.IOException;
import java.util.Arrays;

/** Finds the values of a page, behind its levels, and adds up their bytes per wanted row. */
final class PageValues {
  private static final int NO_DICTIONARY = -1;

  private final PageBytes page;
  private final RunLengths indices = new RunLengths();
  private final Deltas deltas = new Deltas();
  private final Lengths nextPlain = this::nextPlain;
  private final Lengths nextIndexed = this::nextIndexed;
  private final Lengths nextDelta = this::nextDelta;
  private final Lengths nextFixed = this::nextFixed;

  private int dictionaryValues = NO_DICTIONARY;

  /** Lengths of the values of the dictionary, if they differ. */
  private int[] dictionaryLengths = new int[16];

  private int width;

  /** The lengths of values, one after the other. */
  @FunctionalInterface
  private interface Lengths {
    long next() throws IOException;
  }

  PageValues(PageBytes page) {
    this.page = page;
  }

  void forgetDictionary() {
    dictionaryValues = NO_DICTIONARY;
  }

  /** Reads the dictionary the page is. */
  void readDictionary(Column column, PageHeader header) throws IOException {
    if (header.encoding != Parquet.PLAIN && header.encoding != Parquet.PLAIN_DICTIONARY) {
      throw page.unsupported("a dictionary in encoding " + header.encoding);
    }
    width = column.valueBytes();
    if (width == Column.VARIABLE) {
      for (int i = 0; i < header.values; i++) {
        if (i == dictionaryLengths.length) {
          dictionaryLengths = Arrays.copyOf(dictionaryLengths, 2 * i);
        }
        dictionaryLengths[i] = (int) nextPlain();
      }
    } else {
      skipFixed(header.values, Byte.SIZE * (long) width);
    }
    dictionaryValues = header.values;
  }

  /**
   * Reads the values.
   *
   * @param rowBytes to which the bytes of the values of each wanted row are added
   * @return bytes of all values
   */
  long read(Column column, PageHeader header, PageLevels levels, long[] rowBytes)
      throws IOException {
    width = column.valueBytes();
    long values = levels.before() + levels.after();
    for (int i = levels.touchedFrom(); i < levels.touchedTo(); i++) {
      values += levels.values(i);
    }
    boolean fixed = width != Column.VARIABLE;
    boolean integer = column.type() == Parquet.INT32 || column.type() == Parquet.INT64;
    boolean logical = column.type() == Parquet.BOOLEAN;
    boolean bytes = !fixed || column.type() == Parquet.FIXED_LEN_BYTE_ARRAY;
    int encoding = header.encoding;
    if (encoding == Parquet.PLAIN && !fixed) {
      return add(levels, rowBytes, nextPlain);
    }
    if (encoding == Parquet.PLAIN || (encoding == Parquet.BYTE_STREAM_SPLIT && fixed && !logical)) {
      skipFixed(values, logical ? 1 : Byte.SIZE * (long) width);
      return add(levels, rowBytes, nextFixed);
    }
    if (encoding == Parquet.RLE_DICTIONARY || encoding == Parquet.PLAIN_DICTIONARY) {
      return addIndexed(levels, rowBytes, values);
    }
    if (encoding == Parquet.RLE && logical) {
      return addLogical(levels, rowBytes, values);
    }
    if (encoding == Parquet.DELTA_BINARY_PACKED && integer) {
      return addIntegers(levels, rowBytes, values);
    }
    if (encoding == Parquet.DELTA_LENGTH_BYTE_ARRAY && !fixed) {
      return addDelta(levels, rowBytes, values);
    }
    if (encoding == Parquet.DELTA_BYTE_ARRAY && bytes) {
      return addPrefixes(levels, rowBytes, values) + addDelta(levels, rowBytes, values);
    }
    throw page.unsupported(
        "column %s of type %d in encoding %d".formatted(column.name(), column.type(), encoding));
  }

  private static long add(PageLevels levels, long[] rowBytes, Lengths lengths) throws IOException {
    long total = sum(levels.before(), lengths);
    for (int i = levels.touchedFrom(); i < levels.touchedTo(); i++) {
      long bytes = sum(levels.values(i), lengths);
      rowBytes[i] += bytes;
      total += bytes;
    }
    return total + sum(levels.after(), lengths);
  }

  private static long sum(long values, Lengths lengths) throws IOException {
    long total = 0;
    for (long i = 0; i < values; i++) {
      total += lengths.next();
    }
    return total;
  }

  /** Passes over values of equal size, that must be all that is left of the page. */
  private void skipFixed(long values, long bits) throws IOException {
    boolean tooMany = bits > 0 && values > Integer.MAX_VALUE * (long) Byte.SIZE / bits;
    if (tooMany || (values * bits + Byte.SIZE - 1) / Byte.SIZE != page.left()) {
      throw page.broken(
          "%d values of %d bits in the %d bytes left of a page"
              .formatted(values, bits, page.left()));
    }
    page.skip(page.left());
  }

  private long nextFixed() {
    return width;
  }

  private long nextPlain() throws IOException {
    int length = page.nextInt();
    if (length < 0 || length > page.left()) {
      throw page.broken(
          "a value of %d bytes in the %d left of a page".formatted(length, page.left()));
    }
    page.skip(length);
    return length;
  }

  private long addIndexed(PageLevels levels, long[] rowBytes, long values) throws IOException {
    if (dictionaryValues == NO_DICTIONARY) {
      throw page.broken("indices into a dictionary, which is not there");
    }
    if (values > 0) {
      int bitWidth = page.nextByte();
      indices.start(page, bitWidth, page.left());
    }
    long total = add(levels, rowBytes, nextIndexed);
    page.skip(page.left());
    return total;
  }

  private long nextIndexed() throws IOException {
    int index = indices.next();
    if (index < 0 || index >= dictionaryValues) {
      throw page.broken("value %d of a dictionary of %d".formatted(index, dictionaryValues));
    }
    return width == Column.VARIABLE ? dictionaryLengths[index] : width;
  }

  private long addLogical(PageLevels levels, long[] rowBytes, long values) throws IOException {
    indices.start(page, 1, page.nextInt());
    for (long i = 0; i < values; i++) {
      indices.next();
    }
    indices.finish();
    return add(levels, rowBytes, nextFixed);
  }

  private long addIntegers(PageLevels levels, long[] rowBytes, long values) throws IOException {
    deltas.start(page, values);
    for (long i = 0; i < values; i++) {
      deltas.next();
    }
    deltas.finish();
    return add(levels, rowBytes, nextFixed);
  }

  /** Prefixes that values share with the ones before them: not in the page, but in the values. */
  private long addPrefixes(PageLevels levels, long[] rowBytes, long values) throws IOException {
    deltas.start(page, values);
    long total = add(levels, rowBytes, nextDelta);
    deltas.finish();
    return total;
  }

  /** All lengths, then all bytes. */
  private long addDelta(PageLevels levels, long[] rowBytes, long values) throws IOException {
    deltas.start(page, values);
    long total = add(levels, rowBytes, nextDelta);
    deltas.finish();
    if (total != page.left()) {
      throw page.broken(
          "values of %d bytes in the %d left of a page".formatted(total, page.left()));
    }
    page.skip(page.left());
    return total;
  }

  private long nextDelta() throws IOException {
    long length = deltas.next();
    if (length < 0 || length > Integer.MAX_VALUE) {
      throw page.broken("a value or prefix of %d bytes".formatted(length));
    }
    return length;
  }
}
