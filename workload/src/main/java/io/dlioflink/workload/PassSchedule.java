/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.util.ArrayList;
import java.util.List;

/**
 * The passes of a training run, in order (DLIO {@code main.py}, {@code run}). An evaluation for
 * which the data do not make a step is no pass.
 */
public final class PassSchedule {
  private PassSchedule() {}

  /**
   * The passes of a workload.
   *
   * @param ranks simulated accelerators
   */
  public static List<Pass> of(Workload workload, int ranks) {
    StepPlan train = StepPlan.of(workload, DatasetPart.TRAIN, ranks);
    List<Pass> passes = new ArrayList<>();
    int nextEvaluation = workload.evaluation().evalAfterEpoch();
    for (int epoch = 1; epoch <= workload.train().epochs(); epoch++) {
      passes.add(new Pass(passes.size(), DatasetPart.TRAIN, epoch, train));
      if (workload.workflow().evaluation() && epoch >= nextEvaluation) {
        nextEvaluation += workload.evaluation().epochsBetweenEvals();
        StepPlan evaluation = StepPlan.of(workload, DatasetPart.VALID, ranks);
        if (evaluation.steps() == 0) {
          continue;
        }
        passes.add(new Pass(passes.size(), DatasetPart.VALID, epoch, evaluation));
      }
    }
    return List.copyOf(passes);
  }
}
