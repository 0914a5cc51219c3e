/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import io.dlioflink.job.graph.RunSpec;
import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import io.dlioflink.sink.metrics.Recording;
import io.dlioflink.sink.metrics.RunContext;
import io.dlioflink.source.DatasetSource.BarrierEndpoint;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.config.LoadedWorkload;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns a loaded workload and the command line into a run: absolute places, checked features. */
public final class RunPlanner {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss");

  private RunPlanner() {}

  /**
   * Plans a run.
   *
   * @param loaded the workload
   * @param accelerators simulated accelerators
   * @param output result folder of the command line, if given
   * @param phases what the run consists of
   * @param plugins where classes named by the workload are looked for
   * @throws UsageException if the workload asks for what this version cannot do
   */
  public static RunSpec plan(
      LoadedWorkload loaded,
      int accelerators,
      Optional<String> output,
      BarrierEndpoint barrier,
      Set<Phase> phases,
      ClassLoader plugins) {
    Workload workload = loaded.workload();
    Location dataset = dataset(workload);
    Location checkpoints = checkpoints(workload);
    Location results = output(loaded, output);
    List<String> refusals = refusals(loaded, accelerators, results, phases, plugins);
    if (!refusals.isEmpty()) {
      throw new UsageException(String.join("\n", refusals));
    }
    RunContext context = new RunContext(loaded.overrides(), loaded.settings());
    return new RunSpec(
        loaded.name(),
        workload,
        List.copyOf(phases),
        accelerators,
        dataset,
        checkpoints,
        results,
        barrier,
        context,
        Recording.NONE,
        false);
  }

  /** What the user should know of a workload before it runs. */
  public static List<String> notices(LoadedWorkload loaded) {
    List<String> notices = new ArrayList<>();
    loaded.notices().forEach(notice -> notices.add(notice.toString()));
    notices.addAll(FeatureGate.notices(loaded.workload()));
    return notices;
  }

  /** What this version cannot run of what the workflow section asks for, each with a way out. */
  public static List<String> refusals(LoadedWorkload loaded, int accelerators) {
    Workload workload = loaded.workload();
    Set<Phase> phases = EnumSet.noneOf(Phase.class);
    if (workload.workflow().generateData()) {
      phases.add(Phase.GENERATE);
    }
    if (workload.workflow().train()) {
      phases.add(Phase.TRAIN);
    } else if (workload.workflow().checkpoint()) {
      phases.add(Phase.CHECKPOINT);
    }
    return phases.isEmpty()
        ? List.of()
        : refusals(
            loaded,
            accelerators,
            output(loaded, Optional.empty()),
            phases,
            Thread.currentThread().getContextClassLoader());
  }

  private static List<String> refusals(
      LoadedWorkload loaded,
      int accelerators,
      Location results,
      Set<Phase> phases,
      ClassLoader plugins) {
    Workload workload = loaded.workload();
    List<String> refusals =
        new ArrayList<>(
            FeatureGate.refusals(
                workload, dataset(workload), checkpoints(workload), results, phases, plugins));
    if (phases.contains(Phase.TRAIN)
        && workload.workflow().evaluation()
        && StepPlan.of(workload, DatasetPart.VALID, accelerators).steps() == 0) {
      refusals.add(
          "workflow.evaluation: true, but dataset.num_files_eval: %d gives no step of batch_size_eval %d x %d accelerators; raise it, or set ++workload.workflow.evaluation=False"
              .formatted(
                  workload.dataset().numFilesEval(),
                  workload.reader().batchSizeEval(),
                  accelerators));
    }
    return refusals;
  }

  /** Where the dataset is. */
  public static Location dataset(Workload workload) {
    return WorkloadLocations.dataset(workload);
  }

  /** Where checkpoints are. */
  public static Location checkpoints(Workload workload) {
    return WorkloadLocations.checkpoints(workload);
  }

  private static Location output(LoadedWorkload loaded, Optional<String> commandLine) {
    String folder =
        commandLine
            .or(loaded::outputFolder)
            .or(() -> loaded.workload().output().folder())
            .orElseGet(
                () ->
                    "results/"
                        + loaded.name()
                        + "/"
                        + LocalDateTime.now(ZoneId.systemDefault()).format(STAMP));
    return WorkloadLocations.of(folder);
  }
}
