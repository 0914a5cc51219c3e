/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.workload.config.Setting;
import java.io.Serializable;
import java.util.List;
import javax.annotation.Nullable;

/**
 * How a run came about, for its result files. Holds no secrets.
 *
 * @param overrides command line overrides, as given
 * @param settings every effective value with its origin, in the order of the table of keys
 * @param hydraSubdir folder below the output folder for the files that Hydra writes for DLIO; null
 *     for none
 */
public record RunContext(
    List<String> overrides, List<Setting> settings, @Nullable String hydraSubdir)
    implements Serializable {

  public RunContext {
    overrides = List.copyOf(overrides);
    settings = List.copyOf(settings);
  }
}
