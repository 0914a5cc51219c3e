/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;

/**
 * How many steps one pass over a dataset part has, and which samples are left over.
 *
 * <p>Every rank does the same number of steps. DLIO trims file counts to multiples of {@code
 * samplesPerFile * batchSize * ranks}, which is right for one sample per file only ({@code
 * utils/config.py}); this is the rule it means: the largest number of samples that is a multiple of
 * {@code batchSize * ranks}.
 *
 * @param files files of the part
 * @param samplesPerFile samples in each file
 * @param batchSize samples per step and rank
 * @param ranks simulated accelerators
 * @param stepLimit cap of the steps; 0: none
 */
public record StepPlan(long files, int samplesPerFile, int batchSize, int ranks, long stepLimit)
    implements Serializable {

  public StepPlan {
    if (files < 0 || samplesPerFile < 1 || batchSize < 1 || ranks < 1 || stepLimit < 0) {
      throw new IllegalArgumentException(
          "No step plan for files=%d, samplesPerFile=%d, batchSize=%d, ranks=%d, stepLimit=%d"
              .formatted(files, samplesPerFile, batchSize, ranks, stepLimit));
    }
  }

  /** The plan of a part of a workload for a number of ranks. */
  public static StepPlan of(Workload workload, DatasetPart part, int ranks) {
    DatasetConfig dataset = workload.dataset();
    StepPlan plan =
        new StepPlan(
            dataset.numFiles(part),
            dataset.numSamplesPerFile(),
            workload.reader().batchSize(part),
            ranks,
            part == DatasetPart.TRAIN ? Math.max(0, workload.train().totalTrainingSteps()) : 0);
    return losesAStep(workload.reader(), ranks) && plan.steps() == plan.availableSteps()
        ? plan.limitedTo(plan.availableSteps() - 1)
        : plan;
  }

  /**
   * DLIO's synthetic loader counts one batch too few over the samples of all ranks, which shows
   * with one rank only ({@code data_loader/synthetic_data_loader.py}).
   */
  private static boolean losesAStep(ReaderConfig reader, int ranks) {
    return ranks == 1
        && reader.dataLoader() == DataLoader.SYNTHETIC
        && reader.sampleOrder() == SampleOrderStrategy.DLIO;
  }

  /** The same plan with fewer steps, but at least one. */
  private StepPlan limitedTo(long steps) {
    return new StepPlan(files, samplesPerFile, batchSize, ranks, Math.max(1, steps));
  }

  /** All samples of the part. */
  public long totalSamples() {
    return Math.multiplyExact(files, samplesPerFile);
  }

  /** Steps the data suffice for, per rank. */
  public long availableSteps() {
    return totalSamples() / batchSize / ranks;
  }

  /** Steps of one pass, per rank. */
  public long steps() {
    return stepLimit > 0 ? Math.min(stepLimit, availableSteps()) : availableSteps();
  }

  /** Samples one rank reads in one pass. */
  public long samplesPerRank() {
    return steps() * batchSize;
  }

  /** Samples all ranks read in one pass. */
  public long usedSamples() {
    return samplesPerRank() * ranks;
  }

  /** Samples left after trimming to whole steps; a step limit does not count. */
  public long trimmedSamples() {
    return availableSteps() * batchSize * ranks;
  }

  /** The first files by name that hold the trimmed samples. */
  public long trimmedFiles() {
    return (trimmedSamples() + samplesPerFile - 1) / samplesPerFile;
  }

  /** Samples no rank reads in one pass. */
  public long leftOutSamples() {
    return totalSamples() - usedSamples();
  }
}
