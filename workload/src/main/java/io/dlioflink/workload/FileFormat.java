/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** Sample file format ({@code dataset.format}); the extension of a file is the name. */
public enum FileFormat implements YamlName {
  /** TFRecord of tf.Example messages. */
  TFRECORD("tfrecord"),
  /** HDF5. */
  HDF5("hdf5"),
  /** Comma separated text. */
  CSV("csv"),
  /** NumPy archive. */
  NPZ("npz"),
  /** NumPy array. */
  NPY("npy"),
  /** Named by DLIO, which neither writes nor reads it. */
  HDF5_OPT("hdf5_opt"),
  /** Grey-scale JPEG. */
  JPEG("jpeg"),
  /** Grey-scale PNG. */
  PNG("png"),
  /** Raw samples with offset and size index. */
  INDEXED_BINARY("indexed_binary"),
  /** The same, memory-mapped. */
  MMAP_INDEXED_BINARY("mmap_indexed_binary"),
  /** No I/O on read. */
  SYNTHETIC("synthetic"),
  /** Apache Parquet; ours, not DLIO's. */
  PARQUET("parquet");

  private final String yamlName;

  FileFormat(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
