/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.indexed;

/** The files beside a data file. */
enum IndexFile {
  OFFSETS(0, ".off.idx"),
  SIZES(1, ".sz.idx");

  static final int ENTRY_BYTES = Long.BYTES;

  private final int companion;
  private final String suffix;

  IndexFile(int companion, String suffix) {
    this.companion = companion;
    this.suffix = suffix;
  }

  /** Place among the companions of the data file. */
  int companion() {
    return companion;
  }

  /** Path below the dataset folder. */
  String path(String dataPath) {
    return dataPath + suffix;
  }
}
