/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * The latencies of all stages, of the run and of each pass. Histograms are merged, never averaged;
 * only a pass that is under way has some, so memory does not grow with the number of passes.
 */
final class StageLatencies {
  /** Emulated accelerators have no memory of their own that data could be copied to. */
  static final String NOT_MEASURED = "not measured";

  private static final int SIGNIFICANT_DIGITS = 3;

  private final Map<Stage, Histogram> run = histograms();
  private final Map<Integer, Map<Stage, Histogram>> underWay = new HashMap<>();
  private final Map<Integer, Map<Stage, LatencySummary>> ended = new HashMap<>();

  private static Map<Stage, Histogram> histograms() {
    Map<Stage, Histogram> histograms = new EnumMap<>(Stage.class);
    for (Stage stage : Stage.values()) {
      histograms.put(stage, new Histogram(SIGNIFICANT_DIGITS));
    }
    return histograms;
  }

  void add(ReadInterval interval) {
    Map<Stage, Histogram> pass = underWay(interval.pass());
    interval.latencies().forEach((stage, latencies) -> pass.get(stage).add(latencies));
  }

  void add(RequestInterval interval) {
    Map<Stage, Histogram> pass = underWay(interval.pass());
    interval.latencies().forEach((stage, latencies) -> pass.get(stage).add(latencies));
  }

  void add(StepBatch steps) {
    Map<Stage, Histogram> pass = underWay(steps.pass());
    for (int i = 0; i < steps.size(); i++) {
      pass.get(Stage.BATCH_WAIT).recordValue(Math.max(0, steps.load()[i]));
      pass.get(Stage.COMPUTE).recordValue(Math.max(0, steps.compute()[i]));
      pass.get(Stage.BARRIER).recordValue(Math.max(0, steps.barrier()[i]));
      pass.get(Stage.STEP).recordValue(Math.max(0, steps.proc()[i] + steps.barrier()[i]));
    }
  }

  private Map<Stage, Histogram> underWay(int pass) {
    return underWay.computeIfAbsent(pass, index -> histograms());
  }

  /** Every rank has ended a pass. */
  void end(int pass) {
    Map<Stage, Histogram> histograms = underWay.remove(pass);
    if (histograms != null) {
      ended.put(pass, summaries(histograms));
      histograms.forEach((stage, latencies) -> run.get(stage).add(latencies));
    }
  }

  private static Map<Stage, LatencySummary> summaries(Map<Stage, Histogram> histograms) {
    Map<Stage, LatencySummary> summaries = new EnumMap<>(Stage.class);
    histograms.forEach(
        (stage, latencies) -> {
          if (shown(stage, latencies)) {
            summaries.put(stage, LatencySummary.of(latencies));
          }
        });
    return summaries;
  }

  /** Stages of the network are no matter of storages that have none. */
  private static boolean shown(Stage stage, Histogram latencies) {
    return !stage.ofNetwork() || latencies.getTotalCount() > 0;
  }

  /** All there is of a stage, passes under way included. */
  Histogram ofRun(Stage stage) {
    Histogram sum = run.get(stage).copy();
    underWay.values().forEach(pass -> sum.add(pass.get(stage)));
    return sum;
  }

  /** The latencies of the run, by stage. */
  Map<Stage, LatencySummary> run() {
    Map<Stage, Histogram> all = new EnumMap<>(Stage.class);
    for (Stage stage : Stage.values()) {
      all.put(stage, ofRun(stage));
    }
    return summaries(all);
  }

  /** The latencies of a pass, by stage; empty if not all ranks have ended it. */
  Map<Stage, LatencySummary> pass(int pass) {
    return ended.getOrDefault(pass, Map.of());
  }

  /** Writes an object with a field per stage; times carry their unit in their names. */
  static void write(JsonGenerator json, String field, Map<Stage, LatencySummary> stages)
      throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<Stage, LatencySummary> stage : stages.entrySet()) {
      stage.getValue().write(json, stage.getKey().reportName());
    }
    json.writeStringField("host_to_device", NOT_MEASURED);
    json.writeEndObject();
  }
}
