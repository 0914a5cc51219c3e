/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

import io.dlioflink.workload.Workload;
import io.dlioflink.workload.config.Setting;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A run, done or planned.
 *
 * @param workload what runs
 * @param settings its effective values
 * @param overrides those of the command line
 * @param site where it runs, if known
 * @param auPercent mean utilization over the epochs, once known
 */
public record MlperfSubject(
    Workload workload,
    List<Setting> settings,
    List<String> overrides,
    Optional<Site> site,
    OptionalDouble auPercent) {}
