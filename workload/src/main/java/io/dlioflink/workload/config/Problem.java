/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

/**
 * Something wrong or remarkable about a workload. Holds no secrets.
 *
 * @param severity whether the workload can run
 * @param where file and line, or the override; never empty
 * @param key the key as written in workload files, without {@code workload.}; empty if the problem
 *     is not about one key
 * @param message what was found and what was expected
 */
public record Problem(Severity severity, String where, String key, String message) {

  static Problem error(String where, String key, String message) {
    return new Problem(Severity.ERROR, where, key, message);
  }

  static Problem notice(String where, String key, String message) {
    return new Problem(Severity.NOTICE, where, key, message);
  }

  /**
   * For people, e.g. {@code unet3d.yaml:12: dataset.num_files_train: '-3' is not allowed; expected
   * an integer of 1 or more}.
   */
  @Override
  public String toString() {
    return key.isEmpty() ? where + ": " + message : where + ": " + key + ": " + message;
  }
}
