/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.OptionalInt;

/** Short ways to load a workload in tests. */
final class Loading {

  private Loading() {}

  static LoadedWorkload load(String yaml, String... overrides) {
    return load(OptionalInt.empty(), yaml, overrides);
  }

  static LoadedWorkload load(OptionalInt accelerators, String yaml, String... overrides) {
    return WorkloadLoader.load(
        new WorkloadRequest("w", "w.yaml", yaml, List.of(overrides), false, accelerators));
  }

  /** The messages of all errors. */
  static List<String> errors(String yaml, String... overrides) {
    return errors(OptionalInt.empty(), yaml, overrides);
  }

  static List<String> errors(OptionalInt accelerators, String yaml, String... overrides) {
    WorkloadException e =
        catchThrowableOfType(WorkloadException.class, () -> load(accelerators, yaml, overrides));
    return e == null ? List.of() : List.of(e.getMessage().split("\n"));
  }

  static List<String> notices(String yaml, String... overrides) {
    return load(yaml, overrides).notices().stream().map(Problem::toString).toList();
  }
}
