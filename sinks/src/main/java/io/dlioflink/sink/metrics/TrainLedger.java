/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.PassSchedule;
import io.dlioflink.workload.Profiler;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.checkpoint.CheckpointSchedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.annotation.Nullable;

/** The books of a training run. */
final class TrainLedger implements Ledger {
  private final String name;
  private final Workload workload;
  private final List<Pass> passes;
  private final List<RankBooks> ranks = new ArrayList<>();
  private final Map<Integer, Integer> ended = new HashMap<>();
  private final StepSpool spool;
  private final CheckpointBooks checkpoints;
  private final CheckpointOutputs checkpointOutputs;
  private final MlperfBooks mlperf;
  private final Resumptions resumptions;
  private final StageLatencies latencies = new StageLatencies();
  private final RequestBooks requests = new RequestBooks();
  private final HostBooks hosts = new HostBooks();
  private final PlacementBooks placement = new PlacementBooks();
  private final Location dataset;
  private final DlioLog dlioLog;
  private final TrainLog log;
  private final CheckpointLog checkpointLog;
  private final @Nullable IostatFile iostat;
  private final Provenance provenance;
  private long stepsDone;
  private int currentPass;
  private double endedAuSum;
  private long endedBlocks;

  TrainLedger(MetricsSinkSettings settings, OutputFolder output) throws IOException {
    this(settings, output, Resumptions.never());
  }

  TrainLedger(MetricsSinkSettings settings, OutputFolder output, Resumptions resumptions)
      throws IOException {
    int rankCount = settings.ranks();
    this.name = settings.name();
    this.workload = settings.workload();
    this.dataset = settings.dataset();
    this.mlperf = new MlperfBooks(workload, settings.context());
    this.provenance = new Provenance(settings.context());
    this.passes = PassSchedule.of(workload, rankCount);
    this.checkpoints = new CheckpointBooks(workload, rankCount);
    this.checkpointOutputs = new CheckpointOutputs(checkpoints);
    this.resumptions = resumptions;
    this.dlioLog =
        new DlioLog(output, workload.output().logFile(), settings.recording().logSteps());
    this.log = new TrainLog(dlioLog, workload, passes, rankCount);
    this.checkpointLog = new CheckpointLog(dlioLog, workload, checkpoints);
    this.iostat = profiled(workload) ? new IostatFile(output) : null;
    dlioLog.repeating(resumptions.count() > 0);
    log.started(resumptions.startMicros());
    dlioLog.repeating(false);
    for (int rank = 0; rank < rankCount; rank++) {
      ranks.add(new RankBooks(passes, workload.output()));
    }
    this.spool = new StepSpool(rankCount); // the last: nobody would delete it if the log failed
  }

  private static boolean profiled(Workload workload) {
    return workload.workflow().profiling() && workload.profiling().profiler() == Profiler.IOSTAT;
  }

  /** Takes the records of the passes that an earlier attempt of the run has ended. */
  void catchUp(PassJournal journal) throws IOException {
    dlioLog.repeating(true);
    journal.replay(this::accept, this::attemptEnded);
    dlioLog.repeating(false);
    long now = WallClock.micros();
    dlioLog.output(now, "Resumed " + resumptions.summary(passes, now));
  }

  /** Ranks that begin again count from zero. */
  private void attemptEnded() {
    ranks.forEach(RankBooks::resumed);
    checkpoints.resumed();
  }

  @Override
  public void accept(MetricsRecord record) throws IOException {
    if (record instanceof StepBatch steps) {
      spool.add(steps);
      ranks.get(steps.rank()).steps(steps);
      latencies.add(steps);
      log.steps(steps);
      stepsDone += steps.size();
      currentPass = Math.max(currentPass, steps.pass());
    } else if (record instanceof ReadInterval interval) {
      latencies.add(interval);
      ranks.get(interval.rank()).ioCounts(interval.total());
    } else if (record instanceof RequestInterval interval) {
      accept(interval);
    } else if (record instanceof BlockResult block) {
      RankBooks books = ranks.get(block.rank());
      books.block(block);
      List<RankBooks.Block> blocks = books.blocks(block.pass());
      RankBooks.Block last = blocks.get(blocks.size() - 1);
      log.blockEnded(block, last);
      endedAuSum += last.window().auPercent();
      endedBlocks++;
    } else if (record instanceof PassResult pass) {
      resumptions.accept(pass);
      spool.addMeminfo(pass.rank(), pass.pass(), pass.meminfo());
      boolean first = ranks.get(pass.rank()).pass(pass.pass()) == null;
      ranks.get(pass.rank()).pass(pass.withoutMeminfo());
      if (first && ended.merge(pass.pass(), 1, Integer::sum) == ranks.size()) {
        latencies.end(pass.pass());
      }
      log.passEnded(pass);
    } else if (record instanceof CheckpointResult checkpoint) {
      checkpoints.accept(checkpoint);
      checkpointLog.accept(checkpoint);
    } else if (record instanceof RankHello hello) {
      ranks.get(hello.rank()).hello(hello);
    } else if (record instanceof RankPlace place) {
      placement.accept(place);
    } else if (record instanceof RankMeetings met) {
      placement.accept(met);
    } else if (record instanceof PassBegun begun) {
      resumptions.accept(begun);
      log.begun(begun);
    } else if (record instanceof HostSample sample) {
      hosts.accept(sample);
      if (iostat != null) {
        iostat.accept(sample);
      }
    } else if (record instanceof CacheDrop drop) {
      hosts.accept(drop);
    } else if (!(record instanceof RankSample)) {
      throw new IOException("Not a record of a training run: " + record);
    }
  }

  private void accept(RequestInterval interval) {
    requests.accept(interval);
    if (interval.traffic() == Traffic.CHECKPOINTS) {
      checkpoints.reachedOverNetwork();
    } else if (interval.pass() != RequestInterval.NO_PASS) {
      latencies.add(interval);
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
  public String progress() {
    LiveFigures now = live();
    long steps = passes.stream().mapToLong(pass -> pass.plan().steps()).sum() * ranks.size();
    return String.format(
        Locale.ROOT,
        "epoch %d of %d, %d of %d steps of all ranks, AU of ended blocks %.2f %%",
        now.epoch(),
        workload.train().epochs(),
        now.stepsDone(),
        steps,
        now.auPercent());
  }

  @Override
  public RunOutcome conclude(OutputFolder output) throws IOException {
    TrainResults results = mlperf.judge(results(), ranks);
    results = results.withNotices(placement.notices(results.finished()));
    if (results.everyRankStarted()) {
      new DlioOutputs(results, ranks, spool, checkpointOutputs).write(output);
    }
    report(results).write(output, List.of());
    summaryCsv(results).write(output);
    if (iostat != null) {
      iostat.commit();
    }
    log.concluded(MetricBlock.lines(results, checkpointOutputs), output.location().toString());
    return outcome(results, output);
  }

  private SummaryCsv summaryCsv(TrainResults results) {
    SummaryCsv csv = new SummaryCsv(name + " " + WallClock.format(resumptions.startMicros()));
    csv.addText("run", "verdict", results.complaints().isEmpty() ? "VALID" : "INVALID")
        .add("run", "accelerators", results.ranks(), "accelerators")
        .add("run", "au_mean", results.trainAu().mean(), "percent")
        .add("run", "dlio_throughput_mean", results.trainThroughput().mean(), "samples/s")
        .add("run", "window_throughput_mean", results.trainWindowThroughput(), "samples/s")
        .add("run", "storage_bytes", results.ioCounts().readBytes(), "bytes")
        .add("run", "retries", results.ioCounts().retries(), "requests")
        .add("run", "resumptions", resumptions.count(), "times")
        .addText("run", "io_mode", ioMode(results))
        .addLatencies("run", latencies.run());
    for (TrainResults.FinishedPass done : results.finished()) {
      String scope = done.pass().label();
      PassAudit.Balance balance = done.balance();
      csv.add(scope, "duration", done.durationNanos() / 1e9, "s")
          .add(scope, "au", done.auPercent(), "percent")
          .add(scope, "dlio_throughput", done.throughput(), "samples/s")
          .add(scope, "window_throughput", done.windowThroughput(), "samples/s")
          .add(scope, "samples", balance.samples(), "samples")
          .add(scope, "sample_bytes", balance.sampleBytes(), "bytes")
          .add(scope, "storage_bytes", balance.storageBytes(), "bytes")
          .addText(scope, "cache", cache().verdict(done.pass().index(), balance.storageBytes()));
      cache()
          .devicePercent(done.pass().index(), balance.storageBytes())
          .ifPresent(percent -> csv.add(scope, "from_device", percent, "percent"));
      csv.addLatencies(scope, latencies.pass(done.pass().index()));
    }
    requests.addTo(csv);
    return csv;
  }

  private String ioMode(TrainResults results) {
    return IoMode.read(dataset, results.ioCounts(), requests.has(Traffic.DATASET));
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
    for (Stage stage : latencies.run().keySet()) {
      highlights.put(
          "Latency of " + stage.reportName().replace('_', ' '),
          LatencySummary.line(latencies.ofRun(stage)));
    }
    highlights.put("Read from storage", Sizes.bytes(io.readBytes()) + ", " + ioMode(results));
    requests.highlights(highlights);
    if (!checkpoints.isEmpty()) {
      highlights.put(
          "Checkpoints",
          checkpointOutputs.summary(true)
              + ", "
              + IoMode.write(checkpoints.ioCounts(), checkpoints.network()));
    }
    highlights.put("Cache", cache().ofRun(results.finished()));
    placement.summary().ifPresent(summary -> highlights.put("Placement", summary));
    highlights.put("Order", results.order());
    if (resumptions.count() > 0) {
      highlights.put("Resumed", resumptions.summary(passes, results.endMicros()));
    }
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
    return new TrainReport(
        results,
        resumptions,
        ranks,
        latencies,
        requests,
        hosts,
        cache(),
        provenance,
        mlperf,
        checkpointOutputs,
        placement,
        dataset);
  }

  private CacheVerdict cache() {
    return new CacheVerdict(hosts, dataset.isLocal(), TrainResults.ioCounts(ranks));
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
    List<String> notices = new ArrayList<>(checkpoints.notices());
    notices.addAll(requests.notices());
    resumptions.notice(passes, WallClock.micros()).ifPresent(notices::add);
    notices.addAll(IoMode.notices(dataset));
    if (iostat != null) {
      iostat.notice(workload.profiling().iostatDevices()).ifPresent(notices::add);
    }
    return TrainResults.of(
        name, workload, passes, ranks, cache(), resumptions.startMicros(), complaints, notices);
  }

  @Override
  public void close() throws IOException {
    try {
      spool.close();
    } finally {
      try {
        dlioLog.close();
      } finally {
        if (iostat != null) {
          iostat.close();
        }
      }
    }
  }
}
