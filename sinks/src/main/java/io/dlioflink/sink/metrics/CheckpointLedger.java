/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.workload.CheckpointConfig;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The books of a run that only writes and reads checkpoints. */
final class CheckpointLedger implements Ledger {
  private final String name;
  private final Workload workload;
  private final CheckpointBooks books;
  private final CheckpointOutputs outputs;
  private final List<RankBooks> ranks = new ArrayList<>();
  private final StepSpool spool;
  private final Provenance provenance;
  private final MlperfBooks mlperf;
  private final long startMicros;
  private long results;

  CheckpointLedger(String name, Workload workload, int rankCount, Provenance provenance)
      throws IOException {
    this.name = name;
    this.provenance = provenance;
    this.mlperf = new MlperfBooks(workload, provenance.context());
    this.workload = workload;
    this.books = new CheckpointBooks(workload, rankCount);
    this.outputs = new CheckpointOutputs(books);
    this.spool = new StepSpool(rankCount);
    this.startMicros = WallClock.micros();
    for (int rank = 0; rank < rankCount; rank++) {
      ranks.add(new RankBooks(List.of(), workload.output()));
    }
  }

  @Override
  public void accept(MetricsRecord record) throws IOException {
    if (record instanceof CheckpointResult result) {
      books.accept(result);
      results++;
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

  private TrainResults results() {
    CheckpointConfig config = workload.checkpoint();
    return TrainResults.ofCheckpoints(
        name,
        workload,
        ranks,
        startMicros,
        books.complaints(
            Math.max(0, config.numCheckpointsWrite()), Math.max(0, config.numCheckpointsRead())),
        books.notices());
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
    Map<String, String> highlights = new LinkedHashMap<>();
    highlights.put("Verdict", results.complaints().isEmpty() ? "VALID" : "INVALID");
    highlights.put("Checkpoint", Sizes.bytes(books.sizes().payloadBytes()));
    highlights.put("Write", outputs.summary(true) + ", " + IoMode.write(books.ioCounts()));
    highlights.put(
        "Read and verify", outputs.summary(false) + ", " + IoMode.read(books.ioCounts()));
    books
        .latencies()
        .forEach(
            (what, latency) -> highlights.put("Per file: " + what, LatencySummary.line(latency)));
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
    return new CheckpointReport(results, outputs, provenance, mlperf);
  }

  @Override
  public void close() {
    spool.close();
  }
}
