/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What every {@code report.json} begins with: the verdict, why, and of which run. */
final class ReportHead {
  private ReportHead() {}

  /**
   * Writes the fields into an object that has begun.
   *
   * @param interruptions why the run ended early; empty if it did not
   */
  static void write(
      JsonGenerator json, TrainResults results, MlperfBooks mlperf, List<String> interruptions)
      throws IOException {
    List<String> reasons = new ArrayList<>(interruptions);
    reasons.addAll(results.complaints());
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
  }
}
