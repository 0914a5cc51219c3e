/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** Compression of whole checkpoint files ({@code checkpoint.compression}); not DLIO's. */
public enum CheckpointCompression implements YamlName {
  /** As they are. */
  NONE("none", "", 0, 0, 0),
  /** Zstandard frames. */
  ZSTD("zstd", ".zst", -7, 22, 3),
  /** LZ4 frames: level 1 is the fast compressor, all above the thorough one. */
  LZ4("lz4", ".lz4", 1, 17, 1),
  /** DEFLATE with gzip framing. */
  GZIP("gzip", ".gz", 1, 9, 6);

  private final String yamlName;
  private final String suffix;
  private final int minLevel;
  private final int maxLevel;
  private final int defaultLevel;

  CheckpointCompression(
      String yamlName, String suffix, int minLevel, int maxLevel, int defaultLevel) {
    this.yamlName = yamlName;
    this.suffix = suffix;
    this.minLevel = minLevel;
    this.maxLevel = maxLevel;
    this.defaultLevel = defaultLevel;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }

  /** What is added to file names, as the standard tools do. */
  public String suffix() {
    return suffix;
  }

  /** The least level there is. */
  public int minLevel() {
    return minLevel;
  }

  /** The greatest level there is. */
  public int maxLevel() {
    return maxLevel;
  }

  /** The level a setting stands for; 0 is the usual one. */
  public int effectiveLevel(int setting) {
    return setting == 0 ? defaultLevel : setting;
  }
}
