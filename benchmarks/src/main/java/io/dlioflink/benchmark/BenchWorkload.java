/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

import io.dlioflink.workload.Workload;
import io.dlioflink.workload.config.WorkloadLoader;
import io.dlioflink.workload.config.WorkloadRequest;
import java.util.List;
import java.util.OptionalInt;

/** The workload that is planned: shuffled samples, sizes that vary, a given number of files. */
final class BenchWorkload {
  private static final String YAML =
      """
      framework: pytorch
      workflow: {train: true}
      dataset: {data_folder: data/bench, format: npz}
      reader: {data_loader: pytorch, batch_size: 4, sample_shuffle: seed}
      train: {epochs: 2, computation_time: 0}
      """;

  private BenchWorkload() {}

  /**
   * Loads it.
   *
   * @param stdevBytes of the sizes; 0 makes all files equal
   */
  static Workload of(long files, long stdevBytes, int ranks) {
    return WorkloadLoader.load(
            new WorkloadRequest(
                "bench",
                "bench.yaml",
                YAML,
                List.of(
                    "dataset.num_files_train=" + files,
                    "dataset.record_length_bytes=131072",
                    "dataset.record_length_bytes_stdev=" + stdevBytes),
                false,
                OptionalInt.of(ranks)))
        .workload();
  }
}
