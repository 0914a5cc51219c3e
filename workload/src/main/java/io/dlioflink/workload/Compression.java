/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** Compression of dataset files ({@code dataset.compression}). */
public enum Compression implements YamlName {
  /** Stored. */
  NONE("none"),
  /** DEFLATE with gzip framing. */
  GZIP("gzip"),
  /** HDF5's LZF filter. */
  LZF("lzf"),
  /** bzip2. */
  BZ2("bz2"),
  /** DEFLATE inside a zip archive. */
  ZIP("zip"),
  /** LZMA2. */
  XZ("xz"),
  /** HDF5's SZIP filter. */
  SZIP("szip"),
  /** LZ4; not DLIO's. */
  LZ4("lz4"),
  /** Zstandard; not DLIO's. */
  ZSTD("zstd"),
  /** Snappy; not DLIO's. */
  SNAPPY("snappy");

  private final String yamlName;

  Compression(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
