/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.accelerator;

import io.dlioflink.job.checkpoint.RankSaver;
import io.dlioflink.sink.checkpoint.CheckpointSpec;
import io.dlioflink.sink.metrics.BlockResult;
import io.dlioflink.sink.metrics.HostFacts;
import io.dlioflink.sink.metrics.MetricsRecord;
import io.dlioflink.sink.metrics.PassBegun;
import io.dlioflink.sink.metrics.PassResult;
import io.dlioflink.sink.metrics.RankHello;
import io.dlioflink.sink.metrics.RankMeetings;
import io.dlioflink.sink.metrics.RankPlace;
import io.dlioflink.sink.metrics.RankSample;
import io.dlioflink.sink.metrics.ReadInterval;
import io.dlioflink.sink.metrics.Recording;
import io.dlioflink.sink.metrics.RequestMeter;
import io.dlioflink.sink.metrics.Stage;
import io.dlioflink.sink.metrics.Traffic;
import io.dlioflink.sink.metrics.WallClock;
import io.dlioflink.sink.metrics.Worker;
import io.dlioflink.source.barrier.Meetings;
import io.dlioflink.source.barrier.StepBarrier;
import io.dlioflink.source.dataset.DatasetFacts;
import io.dlioflink.source.reader.Batch;
import io.dlioflink.source.reader.PassStart;
import io.dlioflink.source.reader.RankStart;
import io.dlioflink.source.reader.ReadLatencies;
import io.dlioflink.source.reader.ReadTelemetry;
import io.dlioflink.source.reader.ReaderSignal;
import io.dlioflink.source.reader.SampleRead;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.DurationSampler;
import io.dlioflink.workload.EmulatedWork;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.checkpoint.CheckpointSchedule;
import io.dlioflink.workload.order.CoverageProof;
import io.dlioflink.workload.order.SampleOrders;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import javax.annotation.Nullable;

/**
 * One simulated accelerator: takes a batch, computes (sleeps), meets the others, and again. The
 * loop is DLIO's ({@code main.py}, {@code _train} and {@code _eval}), and so is what each time
 * means: load runs from the end of the step before to the batch at hand, proc from there to the end
 * of compute; the barrier is in neither. Runs in a thread of its own.
 */
final class Accelerator {
  private static final long REFILL_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int REFILL_DELAY_SHARE = 50;

  /** Compute time within which a report is done for sure. */
  private static final long REPORT_ROOM_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Workload workload;
  private final List<Pass> passes;
  private final CheckpointSpec checkpoints;
  private final CheckpointSchedule schedule;
  private final boolean resumable;
  private final BlockingQueue<ReaderSignal> input;
  private final Consumer<MetricsRecord> output;
  private final AcceleratorFigures figures;
  private final Observation observation;

  private int rank;
  private int firstPass;
  private DatasetFacts facts;
  private volatile @Nullable ReadTelemetry telemetry;
  private RequestMeter requests;
  private StepBarrier barrier;
  private Meetings metBefore = Meetings.NONE;
  private RankSaver saver;
  private long lastReport;
  private long reportNanos;

  Accelerator(
      Workload workload,
      List<Pass> passes,
      CheckpointSpec checkpoints,
      boolean resumable,
      BlockingQueue<ReaderSignal> input,
      Consumer<MetricsRecord> output,
      AcceleratorFigures figures,
      Observation observation) {
    this.workload = workload;
    this.passes = passes;
    this.checkpoints = checkpoints;
    this.schedule = CheckpointSchedule.of(workload);
    this.resumable = resumable;
    this.input = input;
    this.output = output;
    this.figures = figures;
    this.observation = observation;
  }

  /**
   * What an accelerator does beside its work.
   *
   * @param host watches the host; null if another rank does
   * @param recording what is recorded
   * @param accesses takes the reads of a batch, if they are logged, and the epoch
   */
  record Observation(
      @Nullable HostObserver host,
      Recording recording,
      ObjIntConsumer<List<SampleRead>> accesses) {}

  /** Where this rank stands; empty before it has begun. From any thread. */
  Optional<RankSample> sample() {
    ReadTelemetry read = telemetry;
    return read == null
        ? Optional.empty()
        : Optional.of(
            new RankSample(
                rank,
                WallClock.micros(),
                figures.epoch(),
                figures.stepsDone(),
                read.samples(),
                read.sampleBytes(),
                read.storageBytes(),
                figures.waitNanos(),
                figures.computeNanos(),
                figures.elapsedNanos()));
  }

  /** Works through all passes that are left. */
  void work() throws IOException, InterruptedException {
    RankStart start = expect(RankStart.class);
    rank = start.run().rank();
    firstPass = start.run().progress().firstPass();
    facts = start.run().facts();
    telemetry = start.telemetry();
    requests = new RequestMeter(rank, Traffic.DATASET, start.telemetry().requests());
    lastReport = System.nanoTime();
    reportNanos = ReportInterval.of(start.run().ranks()).toNanos();
    output.accept(hello());
    output.accept(new RankPlace(rank, Worker.here(), start.run().waitedNanos()));
    if (observation.recording().timeSeries()) {
      sample().ifPresent(output);
    }
    try (StepBarrier joined = StepBarrier.join(start.run().ticket());
        RankSaver opened = new RankSaver(checkpoints, rank, output, figures.checkpoints())) {
      barrier = joined;
      saver = opened;
      for (Pass pass : passes.subList(firstPass, passes.size())) {
        if (pass.plan().steps() > 0) {
          walk(pass);
        }
      }
      if (saver.unfinished()) {
        meet();
      }
      saver.awaitFinisher();
      joined.leave();
    }
  }

  private RankHello hello() {
    Pass first = passes.get(0);
    return new RankHello(
        rank,
        HostFacts.ofThisHost(),
        facts.derivedSizes(),
        facts.notices(),
        SampleOrders.of(workload, first.part(), first.plan()).description(),
        facts.files().get(first.part()).description());
  }

  private void walk(Pass pass) throws IOException, InterruptedException {
    PassStart announced = expect(PassStart.class);
    if (announced.passIndex() != pass.index()) {
      throw new IllegalStateException(
          "Pass " + announced.passIndex() + " announced, expected " + pass.index());
    }
    Map<String, String> meminfo = HostFacts.currentMeminfo();
    HostObserver host = observation.host();
    if (host != null) {
      host.dropCaches(pass, facts).ifPresent(output);
      output.accept(host.passStart(pass));
    }
    if (pass.index() == firstPass || observation.recording().dropCaches()) {
      // The first report of a process takes tens of milliseconds; it says nothing yet.
      report(pass);
      barrier.await();
    }
    boolean train = pass.part() == DatasetPart.TRAIN;
    DurationSampler compute =
        (train ? workload.train().computationTime() : workload.evaluation().evalTime())
            .sampler(workload.train().seed() + 1_000_003L * pass.index() + rank);
    StepPlan plan = pass.plan();
    StepRecorder recorder = new StepRecorder(rank, pass.index(), train ? 1 : 0, output);
    figures.begin(pass);
    int block = train ? 1 : 0;
    output.accept(new PassBegun(rank, pass.index(), WallClock.micros()));
    long startMicros = WallClock.micros();
    long passStart = System.nanoTime();
    long blockStartMicros = startMicros;
    long blockStart = passStart;
    announced.begin();
    long loadingSince = passStart;
    long samples = 0;
    long sampleBytes = 0;
    long storageBytes = 0;
    long coverage = 0;
    long orderHash = 0;
    long requestedCompute = 0;
    for (long step = 1; step <= plan.steps(); step++) {
      Batch batch = expect(Batch.class);
      StepRecorder recorded = recorder;
      long loaded = System.nanoTime();
      long requested = compute.nextNanos();
      compute(batch, loaded, requested, () -> reportIfDue(recorded, pass));
      long processed = System.nanoTime();
      long met = processed;
      if (train) {
        meet();
        met = System.nanoTime();
      }
      recorder.add(
          loaded - loadingSince, processed - loaded, processed - loadingSince, met - processed);
      figures.step(loaded - loadingSince, processed - loaded, met - loadingSince);
      requestedCompute += requested;
      samples += batch.samples();
      coverage += batch.coverage();
      sampleBytes += batch.sampleBytes();
      storageBytes += batch.storageBytes();
      if (!batch.reads().isEmpty()) {
        observation.accesses().accept(batch.reads(), pass.epoch());
      }
      for (long id : batch.request().ids()) {
        orderHash = CoverageProof.orderHash(orderHash, id);
      }
      loadingSince = met;
      if (train && schedule.afterStep(step)) {
        endBlock(recorder, pass, block, blockStartMicros, blockStart);
        save(pass.epoch(), block, step);
        block++;
        recorder = new StepRecorder(rank, pass.index(), block, output);
        blockStartMicros = WallClock.micros();
        blockStart = System.nanoTime();
        loadingSince = blockStart;
      }
      batch.stepEnded();
      if (requested < REPORT_ROOM_NANOS) {
        reportIfDue(recorder, pass);
      }
    }
    endBlock(recorder, pass, block, blockStartMicros, blockStart);
    if (train) {
      meet();
      if (schedule.afterEpoch(pass.epoch())) {
        save(pass.epoch(), block, plan.steps() + 1);
      }
    }
    if (resumable && saver.unfinished()) {
      // Nobody comes back to a pass that has ended, so its checkpoint has to be complete by then.
      meet();
      saver.awaitFinisher();
    }
    report(pass);
    if (host != null) {
      output.accept(host.passEnd());
    }
    output.accept(meetings(pass));
    output.accept(
        new PassResult(
            rank,
            pass.index(),
            startMicros,
            WallClock.micros(),
            System.nanoTime() - passStart,
            plan.steps(),
            samples,
            sampleBytes,
            storageBytes,
            coverage,
            orderHash,
            requestedCompute,
            meminfo));
  }

  /** How the ranks met in the pass that ends. */
  private RankMeetings meetings(Pass pass) {
    Meetings before = metBefore;
    Meetings now = barrier.meetings();
    metBefore = now;
    return new RankMeetings(
        rank,
        pass.index(),
        now.count() - before.count(),
        now.last() - before.last(),
        now.heldUpNanos() - before.heldUpNanos(),
        now.server().frames() - before.server().frames(),
        now.server().bytes() - before.server().bytes());
  }

  private void meet() throws IOException, InterruptedException {
    barrier.await();
    saver.ranksHaveMet();
  }

  /** Ends a block of steps; time spent on checkpoints is in none. */
  private void endBlock(
      StepRecorder recorder, Pass pass, int block, long startMicros, long startNanos) {
    long ended = System.nanoTime();
    long endMicros = WallClock.micros();
    recorder.end();
    output.accept(
        new BlockResult(rank, pass.index(), block, startMicros, endMicros, ended - startNanos));
  }

  /** All ranks come from a barrier, and DLIO has none afterwards. */
  private void save(int epoch, int block, long step) throws IOException, InterruptedException {
    saver.prepare(epoch, step);
    saver.save(epoch, block, step, () -> {});
  }

  /**
   * Sleeps until the compute time has passed since the batch was at hand. The place of the batch is
   * given back at once if storage is behind, that is, if no further batch waits. Otherwise a moment
   * later: then all ranks of a host have begun to compute before their read threads compete with
   * them for its processors, which on a host with more ranks than processors would count as
   * waiting. A report is made while the accelerator computes, where it costs no time of the step.
   */
  private void compute(Batch batch, long loaded, long requested, Runnable report)
      throws InterruptedException {
    if (!input.isEmpty()) {
      EmulatedWork.sleep(Math.min(REFILL_DELAY_NANOS, requested / REFILL_DELAY_SHARE));
    }
    batch.taken();
    if (requested >= REPORT_ROOM_NANOS) {
      report.run();
    }
    EmulatedWork.sleep(loaded + requested - System.nanoTime());
  }

  private void reportIfDue(StepRecorder recorder, Pass pass) {
    if (System.nanoTime() - lastReport > reportNanos) {
      recorder.flush();
      report(pass);
    }
  }

  private void report(Pass pass) {
    lastReport = System.nanoTime();
    ReadLatencies read = telemetry.takeLatencies();
    output.accept(
        new ReadInterval(
            rank,
            pass.index(),
            Map.of(
                Stage.STORAGE_OPEN, read.open(),
                Stage.FIRST_BYTE, read.firstByte(),
                Stage.STORAGE_READ, read.read(),
                Stage.STORAGE, read.storage(),
                Stage.DECODE, read.decode()),
            telemetry.ioCounts()));
    requests.take(pass.index()).ifPresent(output);
  }

  private <T extends ReaderSignal> T expect(Class<T> kind) throws InterruptedException {
    ReaderSignal signal = input.take();
    if (!kind.isInstance(signal)) {
      throw new IllegalStateException(
          "Rank " + rank + " expected " + kind.getSimpleName() + ", got " + signal);
    }
    return kind.cast(signal);
  }
}
