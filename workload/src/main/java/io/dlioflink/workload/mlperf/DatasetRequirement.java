/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

import io.dlioflink.workload.DatasetConfig;

/**
 * How large the dataset of a training run must be: large enough that hosts cannot cache it, and
 * enough for {@value #MIN_STEPS} steps. Source: MLPerf Storage v2.0, section 7 of the rules, with
 * the rounding of {@code mlpstorage/rules.py}.
 *
 * @param filesByMemory files that make up {@value #MEMORY_FACTOR} times the memory of all hosts
 * @param filesBySteps files that the steps take
 * @param fileBytes nominal bytes of a file
 */
public record DatasetRequirement(long filesByMemory, long filesBySteps, double fileBytes) {
  /** Steps an epoch must have. */
  public static final int MIN_STEPS = 500;

  /** How many times the memory of the hosts a dataset must be. */
  public static final int MEMORY_FACTOR = 5;

  private static final int FILES_PER_FOLDER = 10_000;

  /**
   * The requirement of a run.
   *
   * @param memoryBytes of all hosts
   */
  public static DatasetRequirement of(
      DatasetConfig dataset, int batchSize, int accelerators, long memoryBytes) {
    double fileBytes = dataset.nominalSampleBytes() * dataset.numSamplesPerFile();
    return new DatasetRequirement(
        (long) Math.floor(MEMORY_FACTOR * (double) memoryBytes / fileBytes),
        (long) MIN_STEPS * accelerators * batchSize / dataset.numSamplesPerFile(),
        fileBytes);
  }

  /** Files that fulfil both. */
  public long files() {
    return Math.max(1, Math.max(filesByMemory, filesBySteps));
  }

  /** Whether it is memory rather than steps that asks for this many. */
  public boolean isByMemory() {
    return filesByMemory > filesBySteps;
  }

  /** Nominal bytes of these files. */
  public double bytes() {
    return files() * fileBytes;
  }

  /**
   * Sub-folders that keep folders at {@value #FILES_PER_FOLDER} files or less; 0 if none are
   * needed. Never 1, which DLIO generates and then cannot read.
   */
  public long subfolders() {
    return files() <= FILES_PER_FOLDER ? 0 : (files() + FILES_PER_FOLDER - 1) / FILES_PER_FOLDER;
  }
}
