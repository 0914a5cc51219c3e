/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.IoCounts;
import io.dlioflink.workload.CheckpointConfig;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** The books of a run that only writes and reads checkpoints. */
final class CheckpointLedger implements Ledger {
  private final String name;
  private final Workload workload;
  private final CheckpointBooks books;
  private final CheckpointOutputs outputs;
  private final List<RankBooks> ranks = new ArrayList<>();
  private final StepSpool spool;
  private final DlioLog dlioLog;
  private final CheckpointLog log;
  private final Provenance provenance;
  private final MlperfBooks mlperf;
  private final RequestBooks requests = new RequestBooks();
  private final long startMicros;
  private long results;

  CheckpointLedger(MetricsSinkSettings settings, OutputFolder output) throws IOException {
    int rankCount = settings.ranks();
    this.name = settings.name();
    this.provenance = new Provenance(settings.context());
    this.workload = settings.workload();
    this.mlperf = new MlperfBooks(workload, settings.context());
    this.books = new CheckpointBooks(workload, rankCount);
    this.outputs = new CheckpointOutputs(books);
    this.startMicros = WallClock.micros();
    this.dlioLog =
        new DlioLog(output, workload.output().logFile(), settings.recording().logSteps());
    this.log = new CheckpointLog(dlioLog, workload, books);
    this.spool = new StepSpool(rankCount);
    dlioLog.output(
        startMicros, "Running DLIO [Checkpointing] with %d process(es)".formatted(rankCount));
    for (int rank = 0; rank < rankCount; rank++) {
      ranks.add(new RankBooks(List.of(), workload.output()));
    }
  }

  @Override
  public void accept(MetricsRecord record) throws IOException {
    if (record instanceof CheckpointResult result) {
      books.accept(result);
      log.accept(result);
      results++;
    } else if (record instanceof RequestInterval interval) {
      requests.accept(interval);
      books.reachedOverNetwork();
    } else if (record instanceof RankHello hello) {
      ranks.get(hello.rank()).hello(hello);
    } else {
      throw new IOException("Not a record of a checkpoint run: " + record);
    }
  }

  @Override
  public LiveFigures live() {
    return new LiveFigures(0, results, 1);
  }

  @Override
  public String progress() {
    CheckpointConfig config = workload.checkpoint();
    int checkpoints =
        Math.max(0, config.numCheckpointsWrite()) + Math.max(0, config.numCheckpointsRead());
    return "%d of %d parts, one of each rank for each of %d checkpoints"
        .formatted(results, (long) checkpoints * ranks.size(), checkpoints);
  }

  private TrainResults results() {
    CheckpointConfig config = workload.checkpoint();
    int writes = Math.max(0, config.numCheckpointsWrite());
    int reads = Math.max(0, config.numCheckpointsRead());
    List<String> complaints = books.complaints(writes, reads);
    if (writes + reads == 0) {
      complaints.add(
          "no checkpoint was written or read: checkpoint.num_checkpoints_write is %d and"
                  .formatted(config.numCheckpointsWrite())
              + " checkpoint.num_checkpoints_read is %d".formatted(config.numCheckpointsRead()));
    }
    List<String> notices = new ArrayList<>(books.notices());
    cacheNotice(writes, reads).ifPresent(notices::add);
    notices.addAll(requests.notices());
    return TrainResults.ofCheckpoints(name, workload, ranks, startMicros, complaints, notices);
  }

  /** Whether what was read may have come from memory. */
  private Optional<String> cacheNotice(int writes, int reads) {
    IoCounts io = books.ioCounts();
    boolean buffered = io.directReadBytes() + io.bouncedReadBytes() == 0 && io.readBytes() > 0;
    if (reads == 0 || !buffered || books.network()) {
      return Optional.empty();
    }
    Map<String, Long> memory = new TreeMap<>();
    ranks.stream()
        .map(RankBooks::hello)
        .filter(Objects::nonNull)
        .forEach(hello -> memory.put(hello.host().hostname(), hello.host().memoryBytes()));
    boolean elsewhere = workload.checkpoint().recoveryRankShift() && memory.size() > 1;
    boolean writtenHere = writes > 0 && !elsewhere;
    long memoryBytes = memory.values().stream().mapToLong(Long::longValue).sum();
    boolean fits = books.sizes().payloadBytes() < memoryBytes;
    if (!writtenHere && !fits) {
      return Optional.empty();
    }
    return Optional.of(
        "Reading checkpoints may have been served by the page cache: they were read through it, and"
            + (writtenHere ? " written by this run" : " one is smaller than memory")
            + "; to measure cold, write with checkpoint.num_checkpoints_read=0, drop the caches and"
            + " read with checkpoint.num_checkpoints_write=0, or use a folder direct:///...");
  }

  @Override
  public RunOutcome conclude(OutputFolder output) throws IOException {
    TrainResults results = mlperf.judge(results(), ranks);
    if (results.everyRankStarted()) {
      new DlioOutputs(results, ranks, spool, outputs).write(output);
    }
    report(results).write(output, List.of());
    List<String> console = new ArrayList<>(MetricBlock.lines(results, outputs));
    console.addAll(mlperf.lines());
    long now = WallClock.micros();
    dlioLog.output(now, "Saved outputs in " + output.location());
    dlioLog.block(MetricBlock.lines(results, outputs));
    dlioLog.output(now, "outputs saved in RANKID_output.json");
    Map<String, String> highlights = new LinkedHashMap<>();
    highlights.put("Verdict", results.complaints().isEmpty() ? "VALID" : "INVALID");
    highlights.put("Checkpoint", Sizes.bytes(books.sizes().payloadBytes()));
    highlights.put(
        "Write", outputs.summary(true) + ", " + IoMode.write(books.ioCounts(), books.network()));
    highlights.put(
        "Read and verify",
        outputs.summary(false) + ", " + IoMode.read(books.ioCounts(), books.network()));
    books
        .latencies()
        .forEach(
            (what, latency) -> highlights.put("Per file: " + what, LatencySummary.line(latency)));
    requests.highlights(highlights);
    highlights.put("Results", output.location().toString());
    return new RunOutcome(
        results.complaints().isEmpty(),
        results.complaints(),
        results.notices(),
        highlights,
        console,
        true);
  }

  @Override
  public void abandon(OutputFolder output, String reason) throws IOException {
    report(results()).write(output, List.of(reason));
  }

  private CheckpointReport report(TrainResults results) {
    return new CheckpointReport(results, outputs, requests, provenance, mlperf);
  }

  @Override
  public void close() throws IOException {
    try {
      spool.close();
    } finally {
      dlioLog.close();
    }
  }
}
