/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;
import java.util.Optional;

/**
 * Section {@code output}.
 *
 * @param folder output folder: path or URI
 * @param logFile log file name
 * @param excludeStartSteps steps dropped at the start of every block
 * @param excludeEndSteps steps dropped at the end of every block
 */
public record OutputConfig(
    Optional<String> folder, String logFile, int excludeStartSteps, int excludeEndSteps)
    implements Serializable {}
