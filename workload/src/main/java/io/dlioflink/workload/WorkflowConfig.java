/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;

/**
 * Section {@code workflow}.
 *
 * @param generateData generate the dataset first
 * @param train run training epochs
 * @param evaluation run evaluation passes
 * @param checkpoint write checkpoints
 * @param profiling run the profiler
 */
public record WorkflowConfig(
    boolean generateData, boolean train, boolean evaluation, boolean checkpoint, boolean profiling)
    implements Serializable {}
