/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.workload.config.Setting;
import java.io.Serializable;
import java.util.List;

/**
 * How a run came about, for its result files. Holds no secrets.
 *
 * @param overrides command line overrides, as given
 * @param settings every effective value with its origin, in the order of the table of keys
 */
public record RunContext(List<String> overrides, List<Setting> settings) implements Serializable {

  public RunContext {
    overrides = List.copyOf(overrides);
    settings = List.copyOf(settings);
  }
}
