/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Rules about training, and about the generation of its data. */
final class TrainingRules {
  private static final int MAX_PREFETCH = 2;
  private static final double GIB = 1L << 30;

  private final MlperfRequest request;
  private final MlperfSubject subject;
  private final Workload workload;
  private final List<Finding> findings = new ArrayList<>();

  TrainingRules(MlperfRequest request, MlperfSubject subject) {
    this.request = request;
    this.subject = subject;
    this.workload = subject.workload();
  }

  List<Finding> check() {
    boolean unet3d = PublishedWorkloads.isUnet3d(request.name());
    boolean trains = workload.workflow().train();
    if (trains && unet3d) {
      rule("workflow.checkpoint of unet3d", true, workload.workflow().checkpoint());
    }
    if (!unet3d) {
      rule("reader.odirect of workloads other than unet3d", false, workload.reader().odirect());
    }
    int prefetch = workload.reader().prefetchSize();
    add(
        prefetch <= MAX_PREFETCH,
        "reader.prefetch_size",
        "0 to " + MAX_PREFETCH,
        String.valueOf(prefetch));
    subject.site().ifPresent(site -> onSite(site, trains));
    if (trains && subject.auPercent().isPresent()) {
      double au = subject.auPercent().getAsDouble();
      double threshold = 100 * request.workload().auThreshold();
      add(
          au >= threshold,
          "accelerator utilization",
          text("at least %.0f %%", threshold),
          text("%.2f %%", au));
    }
    return findings;
  }

  private void onSite(Site site, boolean trains) {
    if (trains) {
      long different = site.hosts().stream().map(Site.Host::accelerators).distinct().count();
      add(
          different == 1,
          "accelerators per host",
          "the same on every host",
          site.hosts().stream()
              .map(host -> host.name() + ": " + host.accelerators())
              .collect(Collectors.joining(", ")));
    }
    DatasetConfig dataset = workload.dataset();
    boolean stepsKnown = request.workload().workflow().train();
    DatasetRequirement required =
        DatasetRequirement.of(
            dataset,
            workload.reader().batchSize(),
            stepsKnown ? site.accelerators() : 0,
            site.memoryBytes());
    add(
        dataset.numFilesTrain() >= required.files(),
        "dataset size",
        text(
            "at least %d files (%d make %d x %.1f GiB of memory%s)",
            required.files(),
            required.filesByMemory(),
            DatasetRequirement.MEMORY_FACTOR,
            site.memoryBytes() / GIB,
            stepsKnown
                ? text(
                    ", %d make %d steps of %d accelerators",
                    required.filesBySteps(), DatasetRequirement.MIN_STEPS, site.accelerators())
                : ""),
        dataset.numFilesTrain() + " files");
  }

  private void rule(String name, boolean expected, boolean found) {
    add(expected == found, name, String.valueOf(expected), String.valueOf(found));
  }

  private void add(boolean holds, String rule, String expected, String found) {
    findings.add(new Finding(holds ? Standing.CLOSED : Standing.INVALID, rule, expected, found));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
