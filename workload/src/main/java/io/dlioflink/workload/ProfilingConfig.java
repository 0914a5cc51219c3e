/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;
import java.util.List;

/**
 * Section {@code profiling}.
 *
 * @param profiler profiler
 * @param iostatDevices block devices
 */
public record ProfilingConfig(Profiler profiler, List<String> iostatDevices)
    implements Serializable {
  public ProfilingConfig {
    iostatDevices = List.copyOf(iostatDevices);
  }
}
