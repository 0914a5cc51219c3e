/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

import io.dlioflink.workload.WorkflowConfig;
import io.dlioflink.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks a run by the rules of MLPerf Storage v2.0: those its harness applies ({@code
 * mlpstorage/rules.py}) and those of the written rules that a single run shows.
 */
public final class MlperfRules {
  private MlperfRules() {}

  /** The verdict on a run; a rule that cannot be judged yet leaves no finding. */
  public static MlperfVerdict check(MlperfRequest request, MlperfSubject subject) {
    List<Finding> findings = new ArrayList<>();
    Optional<Integer> processes = PublishedWorkloads.closedProcesses(request.name());
    findings.add(phase(request, subject.workload().workflow()));
    findings.addAll(ParameterRules.check(request, subject, processes.isPresent()));
    if (processes.isPresent()) {
      findings.addAll(new CheckpointRules(request, subject, processes.get()).check());
    } else {
      findings.addAll(new TrainingRules(request, subject).check());
    }
    return new MlperfVerdict(
        request.division(),
        request.name(),
        findings,
        processes.isPresent() ? StillNeeded.CHECKPOINTING : StillNeeded.TRAINING);
  }

  private static Finding phase(MlperfRequest request, WorkflowConfig workflow) {
    Workload published = request.workload();
    boolean checkpoints = PublishedWorkloads.closedProcesses(request.name()).isPresent();
    boolean fits =
        checkpoints
            ? workflow.checkpoint() && !workflow.train()
            : workflow.train() || workflow.generateData();
    return new Finding(
        fits ? Standing.CLOSED : Standing.INVALID,
        "workflow",
        phases(published.workflow()) + (checkpoints ? " only" : " or generate_data"),
        phases(workflow));
  }

  private static String phases(WorkflowConfig workflow) {
    List<String> phases = new ArrayList<>();
    if (workflow.generateData()) {
      phases.add("generate_data");
    }
    if (workflow.train()) {
      phases.add("train");
    }
    if (workflow.checkpoint()) {
      phases.add("checkpoint");
    }
    return phases.isEmpty() ? "nothing" : String.join(" and ", phases);
  }
}
