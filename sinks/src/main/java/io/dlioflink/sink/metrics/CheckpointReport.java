/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code report.json} of a run that only writes and reads checkpoints. */
final class CheckpointReport {
  private final TrainResults results;
  private final CheckpointOutputs outputs;
  private final Provenance provenance;
  private final MlperfBooks mlperf;

  CheckpointReport(
      TrainResults results, CheckpointOutputs outputs, Provenance provenance, MlperfBooks mlperf) {
    this.results = results;
    this.outputs = outputs;
    this.provenance = provenance;
    this.mlperf = mlperf;
  }

  /**
   * Writes the report.
   *
   * @param interruptions why the run ended early; empty if it did not
   */
  void write(OutputFolder output, List<String> interruptions) throws IOException {
    output.writeJson("report.json", json -> write(json, interruptions));
  }

  private void write(JsonGenerator json, List<String> interruptions) throws IOException {
    List<String> reasons = new ArrayList<>(interruptions);
    reasons.addAll(results.complaints());
    json.writeStartObject();
    json.writeNumberField("schema_version", ReportSchema.VERSION);
    json.writeStringField("verdict", reasons.isEmpty() ? "VALID" : "INVALID");
    json.writeBooleanField("partial", !interruptions.isEmpty());
    JsonTexts.write(json, "reasons", reasons);
    JsonTexts.write(json, "notices", results.notices());
    mlperf.write(json);
    json.writeStringField("workload", results.name());
    json.writeStringField("start", WallClock.format(results.startMicros()));
    json.writeStringField("end", WallClock.format(results.endMicros()));
    json.writeNumberField("accelerators", results.ranks());
    JsonTexts.write(json, "hosts", results.hosts().stream().map(HostFacts::hostname).toList());
    outputs.report(json);
    provenance.write(json, results.hosts());
    json.writeEndObject();
  }
}
