/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;
import java.util.List;

/**
 * How Parquet files are laid out and which part of them is read; ours, DLIO has no Parquet.
 *
 * @param columns {@code parquet.num_columns}: columns a sample is spread over
 * @param rowGroupBytes {@code parquet.row_group_bytes}: sample bytes of a row group, at least one
 *     sample
 * @param readColumns {@code parquet.read_columns}: names of the columns that are read; empty: all
 */
public record ParquetOptions(int columns, long rowGroupBytes, List<String> readColumns)
    implements Serializable {
  /** One column, row groups of 1 MiB, everything is read. */
  public static final ParquetOptions DEFAULT = new ParquetOptions(1, 1 << 20, List.of());

  public ParquetOptions {
    readColumns = List.copyOf(readColumns);
  }
}
