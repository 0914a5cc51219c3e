/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.PassSchedule;
import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.order.CoverageProof;
import io.dlioflink.workload.order.SampleOrders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;

/** The records of a run that never was, and the raw steps they were made of. */
final class SyntheticRun {
  static final Provenance PROVENANCE = new Provenance(new RunContext(List.of(), List.of()));
  static final long SAMPLE_BYTES = 1024;
  static final long START_MICROS = 1_700_000_000_000_000L;

  /** The steps of one rank in one pass; nanoseconds. */
  @SuppressWarnings("ArrayRecordComponent") // As in the records they are made of.
  record Steps(long[] load, long[] compute, long[] proc, long[] barrier, long blockNanos) {}

  private record Key(int rank, int pass) {}

  final Workload workload;
  final int ranks;
  final List<Pass> passes;
  private final Map<Key, Steps> raw = new LinkedHashMap<>();
  private final List<MetricsRecord> records = new ArrayList<>();

  SyntheticRun(Workload workload, int ranks) {
    this.workload = workload;
    this.ranks = ranks;
    this.passes = PassSchedule.of(workload, ranks);
    Random random = new Random(99);
    for (int rank = 0; rank < ranks; rank++) {
      records.add(hello(rank));
      for (Pass pass : passes) {
        if (pass.plan().steps() > 0) {
          addPass(rank, pass, random);
        }
      }
    }
  }

  /** The ledger of a run of a workload, its outputs in a folder. */
  static TrainLedger ledger(Workload workload, int ranks, OutputFolder output) throws IOException {
    return ledger(workload, ranks, output, new RunContext(List.of(), List.of()));
  }

  static TrainLedger ledger(Workload workload, int ranks, OutputFolder output, RunContext context)
      throws IOException {
    MetricsSinkSettings settings =
        new MetricsSinkSettings(
            MetricsSinkSettings.Phase.TRAIN,
            "test",
            workload,
            ranks,
            new Location("file", "", "/data"),
            output.location(),
            context,
            Recording.NONE,
            false);
    return new TrainLedger(settings, output);
  }

  static HostFacts host(int rank) {
    Map<String, String> cpuinfo = new LinkedHashMap<>();
    cpuinfo.put("vendor_id", "none");
    cpuinfo.put("model name", "Synthetic " + rank);
    return new HostFacts(
        "host" + rank, 4 + rank, "Synthetic " + rank, (1L + rank) << 30, cpuinfo, meminfo());
  }

  static Map<String, String> meminfo() {
    Map<String, String> meminfo = new LinkedHashMap<>();
    for (String key : List.of("MemTotal", "MemFree", "Buffers", "Cached", "Active")) {
      meminfo.put(key, key.length() + " kB");
    }
    return meminfo;
  }

  private static RankHello hello(int rank) {
    return new RankHello(rank, host(rank), true, List.of("a notice"), "an order", "some names");
  }

  private void addPass(int rank, Pass pass, Random random) {
    int steps = Math.toIntExact(pass.plan().steps());
    boolean train = pass.part() == DatasetPart.TRAIN;
    long[] load = random.longs(steps, 1_000_000, 900_000_000).toArray();
    long[] compute = random.longs(steps, 1_000_000, 900_000_000).toArray();
    long[] barrier = train ? random.longs(steps, 0, 9_000_000).toArray() : new long[steps];
    long[] proc = new long[steps];
    long blockNanos = 1_000_000;
    for (int i = 0; i < steps; i++) {
      proc[i] = load[i] + compute[i];
      blockNanos += proc[i] + barrier[i];
    }
    raw.put(new Key(rank, pass.index()), new Steps(load, compute, proc, barrier, blockNanos));
    int block = train ? 1 : 0;
    for (int i = 0; i < steps; i++) {
      records.add(
          new StepBatch(
              rank,
              pass.index(),
              block,
              i,
              new long[] {load[i]},
              new long[] {compute[i]},
              new long[] {proc[i]},
              new long[] {barrier[i]}));
    }
    long end = START_MICROS + blockNanos / 1000;
    records.add(new BlockResult(rank, pass.index(), block, START_MICROS, end, blockNanos));
    Histogram latency = new Histogram(3);
    latency.recordValue(2_000_000);
    Map<Stage, Histogram> latencies = Map.of(Stage.STORAGE, latency, Stage.DECODE, latency);
    records.add(
        new ReadInterval(
            rank,
            pass.index(),
            latencies,
            new IoCounts(1000L * (pass.index() + 1), 0, 0, 0, 0, 0)));
    records.add(passResult(rank, pass, blockNanos));
  }

  private PassResult passResult(int rank, Pass pass, long blockNanos) {
    SampleOrder.Epoch order =
        SampleOrders.of(workload, pass.part(), pass.plan()).epoch(pass.epoch());
    long coverage = 0;
    long orderHash = 0;
    long samples = 0;
    for (long position = 0; position < pass.plan().samplesPerRank(); position++) {
      long id = order.sampleAt(rank, position);
      if (id != SampleOrder.PADDING) {
        samples++;
        coverage += CoverageProof.hash(id);
      }
      orderHash = CoverageProof.orderHash(orderHash, id);
    }
    return new PassResult(
        rank,
        pass.index(),
        START_MICROS,
        START_MICROS + blockNanos / 1000 + 10,
        blockNanos + 10_000_000,
        pass.plan().steps(),
        samples,
        samples * SAMPLE_BYTES,
        samples * (SAMPLE_BYTES + 128),
        coverage,
        orderHash,
        500_000_000,
        meminfo());
  }

  Steps steps(int rank, int pass) {
    return raw.get(new Key(rank, pass));
  }

  /** Changes records; null drops one. */
  @FunctionalInterface
  interface Change {
    MetricsRecord of(MetricsRecord record);
  }

  void change(Change change) {
    List<MetricsRecord> changed = new ArrayList<>();
    for (MetricsRecord record : records) {
      MetricsRecord kept = change.of(record);
      if (kept != null) {
        changed.add(kept);
      }
    }
    records.clear();
    records.addAll(changed);
  }

  /** Changes what rank 1 says about the first pass. */
  void changeFirstPass(long moreSamples, long moreBytes, long moreCoverage) {
    change(
        record ->
            record instanceof PassResult pass && pass.rank() == 1 && pass.pass() == 0
                ? new PassResult(
                    pass.rank(),
                    pass.pass(),
                    pass.startMicros(),
                    pass.endMicros(),
                    pass.durationNanos(),
                    pass.steps(),
                    pass.samples() + moreSamples,
                    pass.sampleBytes() + moreBytes,
                    pass.storageBytes(),
                    pass.coverage() + moreCoverage,
                    pass.orderHash(),
                    pass.requestedComputeNanos(),
                    pass.meminfo())
                : record);
  }

  void feed(TrainLedger ledger) throws IOException {
    for (MetricsRecord record : records) {
      ledger.accept(MetricsCodec.decode(MetricsCodec.encode(record)));
    }
  }
}
