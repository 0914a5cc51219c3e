/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dlioflink.job.graph.RunSpec;
import io.dlioflink.sink.metrics.MetricsSinkSettings;
import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import io.dlioflink.sink.metrics.OutputFolder;
import io.dlioflink.sink.metrics.ReportSchema;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.Storages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Sees to it that a run that failed leaves a report that says so, whatever became of its sink. */
final class FailureReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** They do not say that a run is invalid. */
  private static final Pattern SUMMARIES = Pattern.compile("summary\\.(csv|json)");

  private FailureReport() {}

  /**
   * Adds the reason to the partial report of the sink, or writes one if there is none.
   *
   * @param endSeen whether the run is known to have failed; otherwise a complete report stands
   */
  static Location write(RunSpec spec, Phase phase, String reason, boolean endSeen)
      throws IOException {
    String name = phase.report();
    Location file = spec.output().child(name);
    StorageOptions options = spec.storageOptions();
    ObjectNode report;
    try (Storage storage = Storages.open(file, options)) {
      report = existing(storage, file);
    }
    if (!endSeen && report.path("verdict").asText().equals("VALID")) {
      return file;
    }
    report.put("verdict", "INVALID");
    report.put("partial", true);
    ArrayNode reasons = JSON.createArrayNode().add(reason);
    for (JsonNode earlier : report.path("reasons")) {
      if (!earlier.asText().equals(reason)) {
        reasons.add(earlier);
      }
    }
    report.set("reasons", reasons);
    try (OutputFolder output = new OutputFolder(spec.output(), options)) {
      if (phase.measures()) {
        output.deleteResults(SUMMARIES);
      }
      output.writeJson(name, json -> JSON.writeTree(json, report));
    }
    return file;
  }

  /** Nobody begins a run again whose end was seen. */
  static void forgetRun(RunSpec spec, Phase phase) throws IOException {
    if (phase.measures()) {
      try (OutputFolder output = new OutputFolder(spec.output(), spec.storageOptions())) {
        output.deleteResults(MetricsSinkSettings.FILES_UNDER_WAY);
      }
    }
  }

  private static ObjectNode existing(Storage storage, Location file) throws IOException {
    Optional<StorageEntry> entry = storage.stat(file);
    if (entry.isEmpty()) {
      return JSON.createObjectNode().put("schema_version", ReportSchema.VERSION);
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(Math.toIntExact(entry.get().lengthBytes()));
    try (StorageReader reader = storage.openReader(file)) {
      reader.readFully(0, bytes);
    }
    return (ObjectNode) JSON.readTree(StandardCharsets.UTF_8.decode(bytes.flip()).toString());
  }
}
