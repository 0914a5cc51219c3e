/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/** {@code report.json} of a run that only writes and reads checkpoints. */
final class CheckpointReport {
  private final TrainResults results;
  private final CheckpointOutputs outputs;
  private final RequestBooks requests;
  private final Provenance provenance;
  private final MlperfBooks mlperf;

  CheckpointReport(
      TrainResults results,
      CheckpointOutputs outputs,
      RequestBooks requests,
      Provenance provenance,
      MlperfBooks mlperf) {
    this.results = results;
    this.outputs = outputs;
    this.requests = requests;
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
    json.writeStartObject();
    ReportHead.write(json, results, mlperf, interruptions);
    outputs.report(json);
    requests.write(json);
    provenance.write(json, results.hosts());
    json.writeEndObject();
  }
}
