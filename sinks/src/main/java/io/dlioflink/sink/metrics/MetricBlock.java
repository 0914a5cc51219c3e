/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.workload.DatasetPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** DLIO's final console block ({@code utils/statscounter.py}, {@code end_run}). */
final class MetricBlock {
  private static final String RULE = "[METRIC] " + "=".repeat(58);

  private MetricBlock() {}

  static List<String> lines(TrainResults results, CheckpointOutputs checkpoints) {
    List<String> lines = new ArrayList<>();
    lines.add("[OUTPUT] Averaged metric over all steps/epochs");
    lines.add(RULE);
    lines.add("[METRIC] Number of Simulated Accelerators: " + results.ranks() + " ");
    if (!results.passes().isEmpty()) {
      part(lines, results, DatasetPart.TRAIN);
    }
    lines.addAll(checkpoints.metricLines());
    if (!results.finished(DatasetPart.VALID).isEmpty()) {
      part(lines, results, DatasetPart.VALID);
    }
    lines.add(RULE);
    return lines;
  }

  private static void part(List<String> lines, TrainResults results, DatasetPart part) {
    boolean train = part == DatasetPart.TRAIN;
    Statistics au = Statistics.of(results.auPercents(part));
    Statistics throughput = Statistics.of(results.throughputs(part));
    double mib = results.recordLengthBytes() / Sizes.MIB;
    lines.add(
        pair(
            (train ? "Training" : "Eval") + " Accelerator Utilization [AU] (%)",
            au.mean(),
            au.stdev(),
            4));
    lines.add(
        pair(
            (train ? "Training" : "Eval") + " Throughput (samples/second)",
            throughput.mean(),
            throughput.stdev(),
            train ? 4 : 6));
    lines.add(
        pair(
            train ? "Training I/O Throughput (MB/second)" : "Eval Throughput (MB/second)",
            throughput.mean() * mib,
            throughput.stdev() * mib,
            train ? 4 : 6));
    lines.add(
        "[METRIC] %s_au_meet_expectation: %s"
            .formatted(train ? "train" : "eval", results.auMet(part) ? "success" : "fail"));
  }

  private static String pair(String name, double mean, double stdev, int digits) {
    String number = "%." + digits + "f";
    return String.format(
        Locale.ROOT, "[METRIC] %s: " + number + " (" + number + ")", name, mean, stdev);
  }
}
