/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.HdrHistogram.Histogram;

/** The books of a dataset that is read back: {@code verification.json} and the bad files. */
final class VerificationLedger implements Ledger {
  private static final int SIGNIFICANT_DIGITS = 3;

  private final String name;
  private final Provenance provenance;
  private final Map<String, HostFacts> hosts = new LinkedHashMap<>();
  private final Location root;
  private final long expectedFiles;
  private final BadFileList badFiles;
  private final Histogram fileLatency = new Histogram(SIGNIFICANT_DIGITS);
  private final RequestBooks requests = new RequestBooks();
  private final Map<Integer, IoCounts> ioCounts = new TreeMap<>();
  private final Set<String> notices = new TreeSet<>();
  private long compared;
  private long decoded;
  private long startMicros = Long.MAX_VALUE;
  private long endMicros;

  VerificationLedger(
      String name, Workload workload, Location root, OutputFolder output, Provenance provenance) {
    this.name = name;
    this.provenance = provenance;
    this.root = root;
    this.expectedFiles = DatasetLayout.of(workload.dataset()).totalFiles();
    this.badFiles = new BadFileList(output);
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
    if (!(record instanceof VerifyInterval interval)) {
      throw new IOException("Not a record of a verification: " + record);
    }
    compared += interval.comparedFiles();
    decoded += interval.decodedFiles();
    for (BadFile bad : interval.badFiles()) {
      badFiles.add(bad);
    }
    fileLatency.add(interval.fileLatency());
    startMicros = Math.min(startMicros, interval.startMicros());
    endMicros = Math.max(endMicros, interval.endMicros());
    ioCounts.put(interval.rank(), interval.total());
    notices.addAll(interval.notices());
  }

  @Override
  public LiveFigures live() {
    return new LiveFigures(0, checkedFiles(), 0);
  }

  private long checkedFiles() {
    return compared + decoded + badFiles.count();
  }

  @Override
  public String progress() {
    return "%d of %d files, %d bad".formatted(checkedFiles(), expectedFiles, badFiles.count());
  }

  @Override
  public RunOutcome conclude(OutputFolder output) throws IOException {
    List<String> complaints = complaints();
    badFiles.commit();
    output.writeJson("verification.json", json -> write(json, complaints, false));
    Map<String, String> highlights = new LinkedHashMap<>();
    highlights.put("Files checked", String.valueOf(checkedFiles()));
    highlights.put("Bad files", String.valueOf(badFiles.count()));
    highlights.put("Bytes read", Sizes.bytes(io().readBytes()) + ", " + ioMode());
    requests.highlights(highlights);
    List<String> console =
        List.of(
            String.format(
                Locale.ROOT,
                "Verified %d of %d files (%s) in %.2f s: %d equal to what was generated, %d with"
                    + " structure and checksums in order, %d bad",
                checkedFiles(),
                expectedFiles,
                Sizes.bytes(io().readBytes()),
                seconds(),
                compared,
                decoded,
                badFiles.count()));
    return new RunOutcome(complaints.isEmpty(), complaints, notices(), highlights, console, true);
  }

  private List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    if (checkedFiles() != expectedFiles) {
      complaints.add("%d files were checked, expected %d".formatted(checkedFiles(), expectedFiles));
    }
    for (BadFile bad : badFiles.first()) {
      complaints.add(bad.path() + ": " + bad.problem());
    }
    long unnamed = badFiles.count() - badFiles.first().size();
    if (unnamed > 0) {
      complaints.add("%d more bad files, see %s".formatted(unnamed, BadFileList.FILE_NAME));
    }
    return complaints;
  }

  @Override
  public void abandon(OutputFolder output, String reason) throws IOException {
    List<String> complaints = new ArrayList<>(List.of(reason));
    complaints.addAll(complaints());
    output.writeJson("verification.json", json -> write(json, complaints, true));
    badFiles.commit();
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
    json.writeNumberField("files_expected", expectedFiles);
    json.writeNumberField("files_equal_to_generated", compared);
    json.writeNumberField("files_with_structure_and_checksums_in_order", decoded);
    json.writeNumberField("files_bad", badFiles.count());
    json.writeNumberField("storage_bytes", io().readBytes());
    json.writeNumberField("duration_seconds", seconds());
    json.writeNumberField(
        "mib_per_second", seconds() <= 0 ? 0 : io().readBytes() / Sizes.MIB / seconds());
    json.writeStringField("io_mode", ioMode());
    LatencySummary.write(json, "latency_per_file", fileLatency);
    requests.write(json);
    provenance.write(json, List.copyOf(hosts.values()));
    json.writeEndObject();
  }

  private List<String> notices() {
    List<String> all = new ArrayList<>(IoMode.notices(root));
    all.addAll(notices);
    all.addAll(requests.notices());
    return all;
  }

  private String ioMode() {
    return IoMode.read(root, io(), requests.has(Traffic.DATASET));
  }

  private IoCounts io() {
    return ioCounts.values().stream().reduce(IoCounts.ZERO, IoCounts::plus);
  }

  private double seconds() {
    return Math.max(0, endMicros - startMicros) / 1e6;
  }

  @Override
  public void close() throws IOException {
    badFiles.close();
  }
}
