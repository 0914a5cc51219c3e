/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.IoCounts;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.PassSchedule;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.checkpoint.CheckpointSchedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The books of a training run. */
final class TrainLedger implements Ledger {
  private final String name;
  private final Workload workload;
  private final List<Pass> passes;
  private final List<RankBooks> ranks = new ArrayList<>();
  private final StepSpool spool;
  private final CheckpointBooks checkpoints;
  private final CheckpointOutputs checkpointOutputs;
  private final MlperfBooks mlperf;
  private final long startMicros;
  private final StageLatencies latencies = new StageLatencies();
  private final Provenance provenance;
  private long stepsDone;
  private int currentPass;
  private double endedAuSum;
  private long endedBlocks;

  TrainLedger(String name, Workload workload, int rankCount, Provenance provenance)
      throws IOException {
    this.name = name;
    this.mlperf = new MlperfBooks(workload, provenance.context());
    this.workload = workload;
    this.provenance = provenance;
    this.passes = PassSchedule.of(workload, rankCount);
    this.spool = new StepSpool(rankCount);
    this.checkpoints = new CheckpointBooks(workload, rankCount);
    this.checkpointOutputs = new CheckpointOutputs(checkpoints);
    this.startMicros = WallClock.micros();
    for (int rank = 0; rank < rankCount; rank++) {
      ranks.add(new RankBooks(passes, workload.output()));
    }
  }

  @Override
  public void accept(MetricsRecord record) throws IOException {
    if (record instanceof StepBatch steps) {
      spool.add(steps);
      ranks.get(steps.rank()).steps(steps);
      latencies.add(steps);
      stepsDone += steps.size();
      currentPass = Math.max(currentPass, steps.pass());
    } else if (record instanceof ReadInterval interval) {
      latencies.add(interval);
      ranks.get(interval.rank()).ioCounts(interval.total());
    } else if (record instanceof BlockResult block) {
      RankBooks books = ranks.get(block.rank());
      books.block(block);
      List<RankBooks.Block> blocks = books.blocks(block.pass());
      endedAuSum += blocks.get(blocks.size() - 1).window().auPercent();
      endedBlocks++;
    } else if (record instanceof PassResult pass) {
      spool.addMeminfo(pass.rank(), pass.pass(), pass.meminfo());
      ranks.get(pass.rank()).pass(pass.withoutMeminfo());
      if (ranks.stream().allMatch(rank -> rank.pass(pass.pass()) != null)) {
        latencies.end(pass.pass());
      }
    } else if (record instanceof CheckpointResult checkpoint) {
      checkpoints.accept(checkpoint);
    } else if (record instanceof RankHello hello) {
      ranks.get(hello.rank()).hello(hello);
    } else {
      throw new IOException("Not a record of a training run: " + record);
    }
  }

  @Override
  public LiveFigures live() {
    return new LiveFigures(
        endedBlocks == 0 ? 0 : endedAuSum / endedBlocks,
        stepsDone,
        passes.isEmpty() ? 0 : passes.get(currentPass).epoch());
  }

  @Override
  public RunOutcome conclude(OutputFolder output) throws IOException {
    TrainResults results = mlperf.judge(results(), ranks);
    if (results.everyRankStarted()) {
      new DlioOutputs(results, ranks, spool, checkpointOutputs).write(output);
    }
    report(results).write(output, List.of());
    return outcome(results, output);
  }

  private RunOutcome outcome(TrainResults results, OutputFolder output) {
    List<String> console = new ArrayList<>(MetricBlock.lines(results, checkpointOutputs));
    console.addAll(mlperf.lines());
    IoCounts io = results.ioCounts();
    Map<String, String> highlights = new LinkedHashMap<>();
    highlights.put("Verdict", results.complaints().isEmpty() ? "VALID" : "INVALID");
    highlights.put("AU (%)", String.format(Locale.ROOT, "%.4f", results.trainAu().mean()));
    highlights.put(
        "Throughput (samples/s)",
        String.format(Locale.ROOT, "%.4f", results.trainThroughput().mean()));
    highlights.put(
        "In AU window (samples/s)",
        String.format(Locale.ROOT, "%.4f", results.trainWindowThroughput()));
    highlights.put(
        "Storage latency per sample", LatencySummary.line(latencies.ofRun(Stage.STORAGE)));
    highlights.put("Decode latency per sample", LatencySummary.line(latencies.ofRun(Stage.DECODE)));
    highlights.put("Read from storage", Sizes.bytes(io.readBytes()) + ", " + IoMode.read(io));
    if (!checkpoints.isEmpty()) {
      highlights.put(
          "Checkpoints",
          checkpointOutputs.summary(true) + ", " + IoMode.write(checkpoints.ioCounts()));
    }
    highlights.put("Order", results.order());
    highlights.put("Results", output.location().toString());
    return new RunOutcome(
        results.complaints().isEmpty(),
        results.complaints(),
        results.notices(),
        highlights,
        console,
        results.auMet());
  }

  @Override
  public void abandon(OutputFolder output, String reason) throws IOException {
    report(results()).write(output, List.of(reason));
  }

  private TrainReport report(TrainResults results) {
    return new TrainReport(results, ranks, latencies, provenance, mlperf, checkpointOutputs);
  }

  private TrainResults results() {
    List<String> complaints = new ArrayList<>();
    long steps = passes.isEmpty() ? 0 : passes.get(0).plan().steps();
    if (passes.isEmpty()) {
      complaints.add("no step was made");
    }
    complaints.addAll(
        checkpoints.complaints(
            CheckpointSchedule.of(workload).count(workload.train().epochs(), steps), 0));
    return TrainResults.of(
        name, workload, passes, ranks, startMicros, complaints, checkpoints.notices());
  }

  @Override
  public void close() {
    spool.close();
  }
}
