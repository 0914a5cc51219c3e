/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.Workload;
import java.util.List;
import java.util.Optional;

/**
 * A workload without errors.
 *
 * @param name as requested
 * @param workload effective values
 * @param settings every effective value with its origin, in the order of the table of keys; secrets
 *     masked
 * @param notices what may surprise, file order
 * @param overrides as given, in order, without those of Hydra itself; secrets masked
 * @param outputFolder {@code hydra.run.dir} if given
 * @param hydraSubdir folder below the output folder for the files Hydra writes: {@code
 *     hydra.output_subdir}, else {@link #HYDRA_SUBDIR}; empty if {@code null} was given
 */
public record LoadedWorkload(
    String name,
    Workload workload,
    List<Setting> settings,
    List<Problem> notices,
    List<String> overrides,
    Optional<String> outputFolder,
    Optional<String> hydraSubdir) {
  /** Hydra's default. */
  public static final String HYDRA_SUBDIR = ".hydra";

  public LoadedWorkload {
    settings = List.copyOf(settings);
    notices = List.copyOf(notices);
    overrides = List.copyOf(overrides);
  }
}
