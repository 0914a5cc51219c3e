/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import io.dlioflink.format.FileSpec;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ParquetOptions;

/**
 * Where the bytes of samples go. Row k is sample k. Column {@value #LABEL}, an INT64, comes first;
 * column i of C holds the elements from {@code floor(i * n / C)} up to {@code floor((i + 1) * n /
 * C)} of the n of a sample, as one BYTE_ARRAY. A row group holds as many samples as fit {@code
 * parquet.row_group_bytes}, at least one; a page as many values as fit {@value #PAGE_BYTES} bytes,
 * at least one. The last row group of a file and the last page of a column may hold fewer.
 */
final class ParquetLayout {
  static final String LABEL = "label";

  /** A value larger than this has a page, and so a place to be read from, of its own. */
  static final int PAGE_BYTES = 1 << 16;

  private static final int LENGTH_BYTES = Integer.BYTES;
  private static final int MAX_HEAD_BYTES = 1024;

  private final FileSpec file;
  private final int valueColumns;
  private final int groupRows;

  /** Checks that the values fit pages. */
  ParquetLayout(FileSpec file) {
    ParquetOptions options = file.encoding().parquet();
    this.file = file;
    this.valueColumns = options.columns();
    this.groupRows =
        (int) Math.min(file.samples(), Math.max(1, options.rowGroupBytes() / file.sampleBytes()));
    long most = maxPageBytes(file.compression());
    if (valueBytes(valueColumns) + LENGTH_BYTES > most) {
      long perColumn = (most - LENGTH_BYTES) / file.elementType().bytes();
      throw new IllegalArgumentException(
          ("parquet.num_columns is %d: a value has %d bytes, a page with compression %s holds at"
                  + " most %d; expected at least %d columns")
              .formatted(
                  valueColumns,
                  valueBytes(valueColumns),
                  file.compression().yamlName(),
                  most - LENGTH_BYTES,
                  (file.sampleElements() + perColumn - 1) / perColumn));
    }
  }

  private static long maxPageBytes(Compression compression) {
    return switch (compression) {
      case LZ4, SNAPPY -> BlockCodec.MAX_PAGE_BYTES;
      // Compressed data may be a little longer than what it stands for.
      case GZIP, ZSTD -> Integer.MAX_VALUE - (Integer.MAX_VALUE >> 6);
      // A page's head counts with it.
      default -> Integer.MAX_VALUE - MAX_HEAD_BYTES;
    };
  }

  /** Columns: the label and the parts of a sample. */
  int columns() {
    return 1 + valueColumns;
  }

  /** Name of a column; column 0 is the label. */
  String name(int column) {
    if (column == 0) {
      return LABEL;
    }
    return valueColumns == 1 ? "x" : "x" + (column - 1);
  }

  int groups() {
    return (int) (((long) file.samples() + groupRows - 1) / groupRows);
  }

  /** First sample of a row group. */
  int firstRow(int group) {
    return group * groupRows;
  }

  /** Samples of a row group. */
  int rows(int group) {
    return Math.min(groupRows, file.samples() - firstRow(group));
  }

  /** Offset within the sample of the part in a column other than the label. */
  long valueOffset(int column) {
    long elements = file.sampleElements();
    // Split so that nothing overflows: elements may be near the end of long.
    long whole = elements / valueColumns * (column - 1);
    long rest = elements % valueColumns * (column - 1) / valueColumns;
    return (whole + rest) * file.elementType().bytes();
  }

  /** Bytes of a value of a column. */
  long valueBytes(int column) {
    return column == 0 ? Long.BYTES : valueOffset(column + 1) - valueOffset(column);
  }

  /** Bytes that a value of a column takes in its page. */
  long storedBytes(int column) {
    return column == 0 ? Long.BYTES : LENGTH_BYTES + valueBytes(column);
  }

  /** Values in all pages of a column but the last of a row group. */
  int pageRows(int column) {
    return (int) Math.max(1, PAGE_BYTES / storedBytes(column));
  }
}
