/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.graph;

import io.dlioflink.workload.CheckpointConfig;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.ReaderConfig;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.TrainConfig;
import io.dlioflink.workload.Workload;
import java.util.Locale;

/**
 * What the operators of a run do, in a line each: the web UI shows it where somebody looks at an
 * operator, or at a plan before it is submitted. Holds no secrets.
 */
final class OperatorTexts {
  private final RunSpec spec;
  private final Workload workload;

  OperatorTexts(RunSpec spec) {
    this.spec = spec;
    this.workload = spec.workload();
  }

  String dataset() {
    DatasetConfig dataset = workload.dataset();
    return "%s: %d %s files of %d samples in %s"
        .formatted(
            JobGraphs.SOURCE,
            dataset.numFiles(DatasetPart.TRAIN) + dataset.numFiles(DatasetPart.VALID),
            dataset.format().yamlName(),
            dataset.numSamplesPerFile(),
            spec.dataset());
  }

  /** Of an operator that has threads of its own. */
  String threads(String operator) {
    return "%s: %d threads per accelerator"
        .formatted(operator, Math.max(1, workload.reader().readThreads()));
  }

  String reader() {
    ReaderConfig reader = workload.reader();
    return "%s, batches of %d, %d of them ahead"
        .formatted(threads(JobGraphs.READER), reader.batchSize(), reader.prefetchSize());
  }

  String accelerator() {
    TrainConfig train = workload.train();
    return String.format(
        Locale.ROOT,
        "%s: %d epochs of %d steps, each of %.1f ms of compute and a barrier of all %d",
        JobGraphs.ACCELERATOR,
        train.epochs(),
        StepPlan.of(workload, DatasetPart.TRAIN, spec.accelerators()).steps(),
        1e3 * train.computationTime().meanSeconds(),
        spec.accelerators());
  }

  String checkpoints() {
    CheckpointConfig config = workload.checkpoint();
    return "%s: %d to write and %d to read in %s"
        .formatted(
            JobGraphs.CHECKPOINTS,
            Math.max(0, config.numCheckpointsWrite()),
            Math.max(0, config.numCheckpointsRead()),
            spec.checkpoints());
  }

  String sink() {
    return "%s: sums up, writes the results to %s".formatted(JobGraphs.SINK, spec.output());
  }
}
