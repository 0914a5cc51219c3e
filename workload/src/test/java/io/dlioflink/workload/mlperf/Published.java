/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

import io.dlioflink.workload.config.LoadedWorkload;
import io.dlioflink.workload.config.WorkloadLoader;
import io.dlioflink.workload.config.WorkloadRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** The workloads of the distribution. */
final class Published {

  private Published() {}

  static LoadedWorkload load(String name, String... overrides) throws IOException {
    String file = name + ".yaml";
    return parse(name, Files.readString(Path.of("..", "configs", "workload", file)), overrides);
  }

  static LoadedWorkload parse(String name, String yaml, String... overrides) {
    return WorkloadLoader.load(
        new WorkloadRequest(
            name, name + ".yaml", yaml, List.of(overrides), false, OptionalInt.empty()));
  }
}
