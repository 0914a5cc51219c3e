/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import io.dlioflink.job.graph.RunSpec;
import io.dlioflink.workload.config.LoadedWorkload;
import io.dlioflink.workload.mlperf.Division;
import io.dlioflink.workload.mlperf.MlperfRequest;
import io.dlioflink.workload.mlperf.MlperfRules;
import io.dlioflink.workload.mlperf.MlperfSubject;
import io.dlioflink.workload.mlperf.MlperfVerdict;
import io.dlioflink.workload.mlperf.PublishedWorkloads;
import io.dlioflink.workload.mlperf.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Compares workloads with those MLPerf Storage has published, which are embedded. */
public final class MlperfCheck {
  private MlperfCheck() {}

  /**
   * What a workload is to be measured by.
   *
   * @param division {@code closed} or {@code open}
   * @throws UsageException if it is none of the published workloads
   */
  public static MlperfRequest request(String division, LoadedWorkload loaded) throws IOException {
    Division parsed;
    try {
      parsed = Division.parse(division);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--mlperf: " + e.getMessage());
    }
    List<String> names = PublishedWorkloads.candidates(loaded.name(), loaded.workload());
    if (names.isEmpty()) {
      throw new UsageException(
          "--mlperf: '%s' with model.name '%s' is no workload of MLPerf Storage; these are %s"
              .formatted(
                  loaded.name(),
                  loaded.workload().model().name(),
                  String.join(", ", PublishedWorkloads.NAMES)));
    }
    List<LoadedWorkload> candidates = new ArrayList<>();
    for (String name : names) {
      candidates.add(
          WorkloadFiles.loadEmbedded(name, List.of(), true, OptionalInt.empty())
              .orElseThrow(() -> new IOException("This build lacks the workload " + name)));
    }
    LoadedWorkload published =
        PublishedWorkloads.choose(loaded.workload(), candidates)
            .orElseThrow(
                () ->
                    new UsageException(
                        "--mlperf: the accelerator is unknown: train.computation_time is that of"
                            + " neither of "
                            + String.join(", ", names)));
    return new MlperfRequest(parsed, published.name(), published.workload(), published.settings());
  }

  /**
   * What can be said before a run.
   *
   * @param site the hosts, if known
   */
  public static MlperfVerdict verdict(
      MlperfRequest request, LoadedWorkload loaded, Optional<Site> site) {
    return MlperfRules.check(
        request,
        new MlperfSubject(
            loaded.workload(),
            loaded.settings(),
            loaded.overrides(),
            site,
            OptionalDouble.empty()));
  }

  /**
   * The run, with the request in its context so that its report can answer it.
   *
   * @param site the hosts, if known
   * @throws UsageException if it cannot become what was asked for, whatever it measures
   */
  public static RunSpec attach(
      String division, LoadedWorkload loaded, Optional<Site> site, RunSpec spec)
      throws IOException {
    MlperfRequest request = request(division, loaded);
    MlperfVerdict verdict = verdict(request, loaded, site);
    if (spec.dataset().isNowhere()) {
      throw new UsageException(
          "--mlperf: %s is no storage: nothing is kept there".formatted(spec.dataset()));
    }
    if (!verdict.isMet()) {
      throw new UsageException(String.join("\n", verdict.lines()));
    }
    return spec.withContext(spec.context().withMlperf(request));
  }
}
