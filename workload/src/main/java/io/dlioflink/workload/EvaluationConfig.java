/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;

/**
 * Section {@code evaluation}.
 *
 * @param evalTime sleep per evaluation step
 * @param evalAfterEpoch first epoch with evaluation
 * @param epochsBetweenEvals distance
 */
public record EvaluationConfig(TimeSpec evalTime, int evalAfterEpoch, int epochsBetweenEvals)
    implements Serializable {}
