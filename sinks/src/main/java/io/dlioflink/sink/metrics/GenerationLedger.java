/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dlioflink.format.DatasetMarker;
import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.Storages;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** The books of a data generation. */
final class GenerationLedger implements Ledger {
  private static final int SIGNIFICANT_DIGITS = 3;

  private final String name;
  private final Provenance provenance;
  private final Map<String, HostFacts> hosts = new LinkedHashMap<>();
  private final Workload workload;
  private final Location root;
  private final Histogram fileLatency = new Histogram(SIGNIFICANT_DIGITS);
  private final RequestBooks requests = new RequestBooks();
  private final Map<Integer, IoCounts> ioCounts = new TreeMap<>();
  private long filesWritten;
  private long filesPresent;
  private long bytesWritten;
  private long startMicros = Long.MAX_VALUE;
  private long endMicros;

  GenerationLedger(String name, Workload workload, Location root, Provenance provenance) {
    this.name = name;
    this.provenance = provenance;
    this.workload = workload;
    this.root = root;
  }

  @Override
  public void accept(MetricsRecord record) throws IOException {
    if (record instanceof RankHello hello) {
      hosts.put(hello.host().hostname(), hello.host());
      return;
    }
    if (record instanceof RequestInterval made) {
      requests.accept(made);
      return;
    }
    if (!(record instanceof WriteInterval interval)) {
      throw new IOException("Not a record of a data generation: " + record);
    }
    filesWritten += interval.filesWritten();
    filesPresent += interval.filesPresent();
    bytesWritten += interval.bytesWritten();
    fileLatency.add(interval.fileLatency());
    startMicros = Math.min(startMicros, interval.startMicros());
    endMicros = Math.max(endMicros, interval.endMicros());
    ioCounts.put(interval.rank(), interval.total());
  }

  @Override
  public LiveFigures live() {
    return new LiveFigures(0, filesWritten + filesPresent, 0);
  }

  @Override
  public String progress() {
    return "%d of %d files, %s written"
        .formatted(
            filesWritten + filesPresent,
            DatasetLayout.of(workload.dataset()).totalFiles(),
            Sizes.bytes(bytesWritten));
  }

  @Override
  public RunOutcome conclude(OutputFolder output) throws IOException {
    List<String> complaints = complaints();
    output.writeJson("generation.json", json -> write(json, complaints, false));
    if (complaints.isEmpty()) {
      markComplete();
    }
    double seconds = seconds();
    String rate =
        seconds <= 0
            ? "-"
            : String.format(
                Locale.ROOT,
                "%s/s, %.1f files/s",
                Sizes.bytes(bytesWritten / seconds),
                filesWritten / seconds);
    Map<String, String> highlights = new LinkedHashMap<>();
    highlights.put("Files written", String.valueOf(filesWritten));
    highlights.put("Files already there", String.valueOf(filesPresent));
    highlights.put("Bytes written", Sizes.bytes(bytesWritten) + ", " + ioMode());
    highlights.put("Rate", rate);
    requests.highlights(highlights);
    List<String> console =
        List.of(
            String.format(
                    Locale.ROOT,
                    "Generated %d files (%s) in %.2f s: %s",
                    filesWritten,
                    Sizes.bytes(bytesWritten),
                    seconds,
                    rate)
                + (filesPresent > 0
                    ? "; %d files were there already, complete".formatted(filesPresent)
                    : ""));
    return new RunOutcome(complaints.isEmpty(), complaints, notices(), highlights, console, true);
  }

  private void markComplete() throws IOException {
    try (Storage storage =
        Storages.open(root, new StorageOptions(workload.storage().clientOptions()))) {
      // What the enumerator wrote, for codecs of this host may be others than those of its.
      DatasetMarker.read(storage, root)
          .orElseGet(() -> DatasetMarker.of(workload.dataset(), DatasetMarker.State.GENERATING))
          .in(DatasetMarker.State.COMPLETE)
          .write(storage, root);
    }
  }

  private List<String> complaints() {
    long expected = DatasetLayout.of(workload.dataset()).totalFiles();
    List<String> complaints = new ArrayList<>();
    if (filesWritten + filesPresent != expected) {
      complaints.add(
          "%d files were written and %d found complete, expected %d in all"
              .formatted(filesWritten, filesPresent, expected));
    }
    return complaints;
  }

  @Override
  public void abandon(OutputFolder output, String reason) throws IOException {
    output.writeJson("generation.json", json -> write(json, List.of(reason), true));
  }

  private void write(JsonGenerator json, List<String> reasons, boolean partial) throws IOException {
    json.writeStartObject();
    json.writeNumberField("schema_version", ReportSchema.VERSION);
    json.writeStringField("verdict", reasons.isEmpty() ? "VALID" : "INVALID");
    json.writeBooleanField("partial", partial);
    JsonTexts.write(json, "reasons", reasons);
    JsonTexts.write(json, "notices", notices());
    json.writeStringField("workload", name);
    json.writeStringField("dataset", root.toString());
    json.writeNumberField("files_written", filesWritten);
    json.writeNumberField("files_already_complete", filesPresent);
    json.writeNumberField("bytes_written", bytesWritten);
    json.writeNumberField("duration_seconds", seconds());
    json.writeNumberField(
        "mib_per_second", seconds() <= 0 ? 0 : bytesWritten / Sizes.MIB / seconds());
    json.writeStringField("io_mode", ioMode());
    json.writeBooleanField("forced_to_stable_storage", false);
    LatencySummary.write(json, "latency_per_file", fileLatency);
    requests.write(json);
    provenance.write(json, List.copyOf(hosts.values()));
    json.writeEndObject();
  }

  private List<String> notices() {
    List<String> notices = new ArrayList<>(IoMode.notices(root));
    notices.addAll(requests.notices());
    return notices;
  }

  private String ioMode() {
    return IoMode.write(root, io(), requests.has(Traffic.DATASET));
  }

  private IoCounts io() {
    return ioCounts.values().stream().reduce(IoCounts.ZERO, IoCounts::plus);
  }

  private double seconds() {
    return Math.max(0, endMicros - startMicros) / 1e6;
  }

  @Override
  public void close() {}
}
