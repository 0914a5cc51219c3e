/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;

/**
 * Section {@code train}.
 *
 * @param epochs epochs
 * @param computationTime sleep per step
 * @param totalTrainingSteps cap of the steps of each epoch; 0 or less: none
 * @param seed shuffle seed
 * @param seedChangeEpoch seed + epoch instead of seed
 */
public record TrainConfig(
    int epochs,
    TimeSpec computationTime,
    long totalTrainingSteps,
    long seed,
    boolean seedChangeEpoch)
    implements Serializable {}
