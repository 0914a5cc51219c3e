/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import io.dlioflink.workload.config.WorkloadLoader;
import io.dlioflink.workload.config.WorkloadRequest;
import java.util.List;
import java.util.OptionalInt;

/** Workloads for tests, from overrides of the defaults. */
public final class WorkloadFixture {

  private WorkloadFixture() {}

  /** The defaults with overrides such as {@code dataset.format=npz}. */
  public static Workload workload(String... overrides) {
    return WorkloadLoader.load(
            new WorkloadRequest(
                "test", "test.yaml", "{}", List.of(overrides), true, OptionalInt.empty()))
        .workload();
  }

  static DatasetConfig unet3d() {
    return workload(
            "dataset.format=npz",
            "dataset.num_files_train=168",
            "dataset.record_length_bytes=146600628",
            "dataset.record_length_bytes_stdev=68341808")
        .dataset();
  }
}
