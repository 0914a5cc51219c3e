/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.workload.Compression;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.Hdf5Options;
import io.dlioflink.workload.ParquetOptions;

/**
 * How the samples of a dataset become files, as far as formats let one choose.
 *
 * @param compression of the files; without effect where the format does not carry it
 * @param compressionLevel effort, 0 to 9, for codecs that have levels
 * @param hdf5 layout of HDF5 files
 * @param parquet layout of Parquet files
 */
public record Encoding(
    Compression compression, int compressionLevel, Hdf5Options hdf5, ParquetOptions parquet) {

  /** DLIO's {@code compression_level}. */
  public static final int DEFAULT_LEVEL = 4;

  /** The encoding of a dataset. */
  public static Encoding of(DatasetConfig dataset) {
    return new Encoding(
        dataset.compression(), dataset.compressionLevel(), dataset.hdf5(), dataset.parquet());
  }

  /** A compression, all else as by default. */
  public static Encoding of(Compression compression) {
    return new Encoding(compression, DEFAULT_LEVEL, Hdf5Options.DEFAULT, ParquetOptions.DEFAULT);
  }
}
