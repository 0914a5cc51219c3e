/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

import io.dlioflink.workload.Workload;
import io.dlioflink.workload.config.Setting;
import java.io.Serializable;
import java.util.List;

/**
 * What a run is to be measured by.
 *
 * @param division what it is meant for
 * @param name of the published workload
 * @param workload the published workload
 * @param settings its effective values
 */
public record MlperfRequest(
    Division division, String name, Workload workload, List<Setting> settings)
    implements Serializable {
  public MlperfRequest {
    settings = List.copyOf(settings);
  }
}
