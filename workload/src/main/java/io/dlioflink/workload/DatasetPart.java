/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** The two halves of a DLIO dataset. */
public enum DatasetPart {
  /** Training files, folder {@code train}. */
  TRAIN("train"),
  /** Evaluation files, folder {@code valid}. */
  VALID("valid");

  private final String folder;

  DatasetPart(String folder) {
    this.folder = folder;
  }

  /** Folder below {@code dataset.data_folder}. */
  public String folder() {
    return folder;
  }
}
