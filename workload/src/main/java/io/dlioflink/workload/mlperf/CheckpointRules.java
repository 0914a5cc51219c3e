/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

import io.dlioflink.workload.CheckpointConfig;
import io.dlioflink.workload.CheckpointMode;
import io.dlioflink.workload.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Rules about checkpoint workloads. Source: section 2.2 of the rules. */
final class CheckpointRules {
  private static final int CHECKPOINTS = 10;
  private static final int SUBSET_PROCESSES = 8;
  private static final int MIN_PER_HOST = 4;
  private static final double GIB = 1L << 30;

  private final MlperfSubject subject;
  private final int closedProcesses;
  private final int modelProcesses;
  private final List<Finding> findings = new ArrayList<>();

  CheckpointRules(MlperfRequest request, MlperfSubject subject, int closedProcesses) {
    ModelConfig.Parallelism parallelism = request.workload().model().parallelism();
    this.subject = subject;
    this.closedProcesses = closedProcesses;
    this.modelProcesses = parallelism.tensor() * parallelism.pipeline();
  }

  List<Finding> check() {
    CheckpointConfig checkpoint = subject.workload().checkpoint();
    boolean subset = checkpoint.mode() == CheckpointMode.SUBSET;
    add(
        standing(checkpoint.fsync()),
        "checkpoint.fsync",
        "true",
        String.valueOf(checkpoint.fsync()));
    phases(checkpoint.numCheckpointsWrite(), checkpoint.numCheckpointsRead());
    if (subset) {
      int data = subject.workload().model().parallelism().data();
      int expected = closedProcesses / modelProcesses;
      add(
          standing(data == expected),
          "model.parallelism.data in mode subset",
          String.valueOf(expected),
          String.valueOf(data));
    }
    subject.site().ifPresent(site -> onSite(site, subset));
    return findings;
  }

  /** Caches are to be cleared between the phases, which takes two runs. */
  private void phases(int write, int read) {
    boolean writes = write == CHECKPOINTS && read <= 0;
    boolean reads = read == CHECKPOINTS && write <= 0;
    add(
        standing(writes || reads),
        "checkpoints written and read",
        "%d and 0, then, with caches cleared, 0 and %d in a run of its own"
            .formatted(CHECKPOINTS, CHECKPOINTS),
        "%d and %d".formatted(Math.max(0, write), Math.max(0, read)));
  }

  private void onSite(Site site, boolean subset) {
    int processes = site.accelerators();
    if (subset) {
      add(
          processes == SUBSET_PROCESSES ? Standing.CLOSED : Standing.OPEN,
          "processes in mode subset",
          "in CLOSED " + SUBSET_PROCESSES,
          String.valueOf(processes));
    } else {
      boolean multiple = processes > closedProcesses && processes % modelProcesses == 0;
      add(
          processes == closedProcesses
              ? Standing.CLOSED
              : multiple ? Standing.OPEN : Standing.INVALID,
          "processes in mode default",
          "%d, in OPEN more, by multiples of %d".formatted(closedProcesses, modelProcesses),
          String.valueOf(processes));
    }
    add(
        standing(site.hosts().stream().allMatch(host -> host.accelerators() >= MIN_PER_HOST)),
        "processes per host",
        "at least " + MIN_PER_HOST,
        site.hosts().stream()
            .map(host -> host.name() + ": " + host.accelerators())
            .collect(Collectors.joining(", ")));
    memory(site);
  }

  /** Ranks that do not fill the parallelism have been found out by the number of processes. */
  private void memory(Site site) {
    long bytes;
    try {
      bytes = CheckpointFootprint.of(subject.workload(), site).sizes().payloadBytes();
    } catch (IllegalArgumentException e) {
      return;
    }
    add(
        standing(site.memoryBytes() >= bytes),
        "memory of all hosts",
        String.format(Locale.ROOT, "at least %.1f GiB, the checkpoint", bytes / GIB),
        String.format(Locale.ROOT, "%.1f GiB", site.memoryBytes() / GIB));
  }

  private static Standing standing(boolean holds) {
    return holds ? Standing.CLOSED : Standing.INVALID;
  }

  private void add(Standing standing, String rule, String expected, String found) {
    findings.add(new Finding(standing, rule, expected, found));
  }
}
