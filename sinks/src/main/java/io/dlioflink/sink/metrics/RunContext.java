/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.workload.config.Setting;
import io.dlioflink.workload.mlperf.MlperfRequest;
import java.io.Serializable;
import java.util.List;
import javax.annotation.Nullable;

/**
 * How a run came about, for its result files. Holds no secrets.
 *
 * @param overrides command line overrides, as given
 * @param settings every effective value with its origin, in the order of the table of keys
 * @param mlperf what MLPerf's rules are asked about it; null if they are not
 */
public record RunContext(
    List<String> overrides, List<Setting> settings, @Nullable MlperfRequest mlperf)
    implements Serializable {

  public RunContext {
    overrides = List.copyOf(overrides);
    settings = List.copyOf(settings);
  }

  /** A run that is measured by no rules but ours. */
  public RunContext(List<String> overrides, List<Setting> settings) {
    this(overrides, settings, null);
  }

  /** The same run, measured by MLPerf's rules as well. */
  public RunContext withMlperf(MlperfRequest request) {
    return new RunContext(overrides, settings, request);
  }
}
