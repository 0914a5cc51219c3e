/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

import java.util.List;

/**
 * Dataset files to check.
 *
 * @param firstFileNumber running number of the first one; the others follow
 * @param paths of the files below the dataset folder
 * @param ours whether their bytes follow from their numbers
 * @param notices what the reader of the results should know
 */
public record FilesToCheck(
    long firstFileNumber, List<String> paths, boolean ours, List<String> notices) {
  public FilesToCheck {
    paths = List.copyOf(paths);
    notices = List.copyOf(notices);
  }
}
