/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;

/**
 * One walk over a dataset part: a training epoch or an evaluation.
 *
 * @param index running number in the run, from 0
 * @param part what is read
 * @param epoch epoch, from 1
 * @param plan its steps
 */
public record Pass(int index, DatasetPart part, int epoch, StepPlan plan) implements Serializable {

  /** How people call it, e.g. {@code epoch 3}. */
  public String label() {
    return part == DatasetPart.TRAIN ? "epoch " + epoch : "evaluation after epoch " + epoch;
  }
}
