/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

import io.dlioflink.workload.TimeSpec;
import io.dlioflink.workload.WorkflowConfig;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.config.LoadedWorkload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The workloads of MLPerf Storage v2.0, and which of them a workload is meant to be. */
public final class PublishedWorkloads {
  private static final List<String> TRAINING = List.of("unet3d", "resnet50", "cosmoflow");
  private static final List<String> ACCELERATORS = List.of("a100", "h100");

  /** Processes that CLOSED prescribes for a checkpoint workload. */
  private static final Map<String, Integer> CLOSED_PROCESSES =
      Map.of("llama3_8b", 8, "llama3_70b", 64, "llama3_405b", 512, "llama3_1t", 1024);

  /** All names. */
  public static final List<String> NAMES =
      Stream.concat(
              TRAINING.stream()
                  .flatMap(
                      model ->
                          Stream.concat(ACCELERATORS.stream(), Stream.of("datagen"))
                              .map(suffix -> model + "_" + suffix)),
              CLOSED_PROCESSES.keySet().stream())
          .sorted()
          .toList();

  private PublishedWorkloads() {}

  /** Those that a workload may be meant to be, by its name, else by that of its model. */
  public static List<String> candidates(String name, Workload workload) {
    if (NAMES.contains(name)) {
      return List.of(name);
    }
    String model = workload.model().name().replace('-', '_');
    WorkflowConfig workflow = workload.workflow();
    if (TRAINING.contains(model)) {
      return workflow.train()
          ? ACCELERATORS.stream().map(accelerator -> model + "_" + accelerator).toList()
          : List.of(model + "_datagen");
    }
    String checkpoint = model.startsWith("llama_") ? model.replaceFirst("_", "3_") : model;
    return CLOSED_PROCESSES.containsKey(checkpoint) ? List.of(checkpoint) : List.of();
  }

  /** The one that a workload is meant to be: the accelerator is known by its time per step. */
  public static Optional<LoadedWorkload> choose(
      Workload workload, List<LoadedWorkload> candidates) {
    TimeSpec time = workload.train().computationTime();
    return candidates.size() == 1
        ? Optional.of(candidates.get(0))
        : candidates.stream()
            .filter(candidate -> candidate.workload().train().computationTime().equals(time))
            .findFirst();
  }

  /** Processes that CLOSED prescribes; empty for workloads that train. */
  public static Optional<Integer> closedProcesses(String name) {
    return Optional.ofNullable(CLOSED_PROCESSES.get(name));
  }

  static boolean isUnet3d(String name) {
    return name.startsWith("unet3d");
  }
}
