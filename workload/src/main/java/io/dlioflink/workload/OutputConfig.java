/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;
import java.util.Optional;

/**
 * Section {@code output}.
 *
 * @param folderOrNull null if not set: output folder: path or URI
 * @param logFile log file name
 * @param excludeStartSteps steps dropped at the start of every block
 * @param excludeEndSteps steps dropped at the end of every block
 */
public record OutputConfig(
    String folderOrNull, String logFile, int excludeStartSteps, int excludeEndSteps)
    implements Serializable {
  /** The output folder, if the workload names one. */
  public Optional<String> folder() {
    return Optional.ofNullable(folderOrNull);
  }
}
