/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

import io.dlioflink.sink.metrics.MetricsCodec;
import io.dlioflink.sink.metrics.MetricsRecord;
import io.dlioflink.sink.metrics.RankSample;
import io.dlioflink.sink.metrics.ReadInterval;
import io.dlioflink.sink.metrics.Stage;
import io.dlioflink.sink.metrics.StepBatch;
import io.dlioflink.source.DatasetSource;
import io.dlioflink.source.barrier.BarrierServer;
import io.dlioflink.source.barrier.BarrierTicket;
import io.dlioflink.source.barrier.PortRange;
import io.dlioflink.source.barrier.StepBarrier;
import io.dlioflink.source.enumerator.DatasetEnumerator;
import io.dlioflink.source.enumerator.RegisterEvent;
import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.config.WorkloadLoader;
import io.dlioflink.workload.config.WorkloadRequest;
import io.dlioflink.workload.order.CoverageProof;
import io.dlioflink.workload.order.SampleOrders;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.HdrHistogram.Histogram;

/**
 * What grows with ranks, task managers and samples, part by part and without a cluster: the start
 * of a run, the meeting of all task managers, the records at the sink, the proof at the end.
 */
public final class ScaleCosts {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final int MEETINGS = 300;
  private static final int RECORDS = 3000;
  private static final int SAMPLES_PER_FILE = 1000;
  private static final String[] PARTS = {"start", "barrier", "sink", "proof"};

  private final PrintStream out;

  private ScaleCosts(PrintStream out) {
    this.out = out;
  }

  /**
   * Prints Markdown tables.
   *
   * @param args which parts: start, barrier, sink, proof; all without any
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    ScaleCosts costs =
        new ScaleCosts(
            new PrintStream(
                new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
    for (String part : args.length == 0 ? PARTS : args) {
      switch (part) {
        case "start" -> costs.start();
        case "barrier" -> costs.barrier();
        case "sink" -> costs.sink();
        case "proof" -> costs.proof();
        default -> throw new IllegalArgumentException("Not one of the parts: " + part);
      }
    }
  }

  private static Workload workload(long samples, int ranks) {
    return WorkloadLoader.load(
            new WorkloadRequest(
                "scale",
                "scale.yaml",
                "{}",
                List.of(
                    "dataset.format=synthetic",
                    "dataset.num_files_train=" + samples / SAMPLES_PER_FILE,
                    "dataset.num_samples_per_file=" + SAMPLES_PER_FILE,
                    "reader.batch_size=4",
                    "reader.sample_shuffle=seed",
                    "train.epochs=2"),
                false,
                OptionalInt.of(ranks)))
        .workload();
  }

  private void start() throws IOException {
    out.println("| ranks | samples | start of all ranks | heap | messages | of them bytes |");
    out.println("|---|---|---|---|---|---|");
    for (int ranks : new int[] {100, 1000, 10_000, 100_000}) {
      start(ranks);
      start(ranks); // The first one compiles.
    }
    out.println();
  }

  private void start(int ranks) throws IOException {
    long samples = 1_000_000_000;
    DatasetSource.Settings settings =
        new DatasetSource.Settings(
            DatasetSource.Purpose.TRAIN,
            workload(samples, ranks),
            Location.parse("null://scale"),
            ranks,
            DatasetSource.BarrierEndpoint.DEFAULT);
    CountingContext context = new CountingContext(ranks);
    long heap = heapBytes();
    long begin = System.nanoTime();
    try (DatasetEnumerator enumerator = DatasetEnumerator.fresh(context, settings)) {
      enumerator.start();
      for (int rank = 0; rank < ranks; rank++) {
        enumerator.handleSourceEvent(rank, new RegisterEvent("jvm-" + rank / 8));
      }
      double millis = (System.nanoTime() - begin) / NANOS_PER_MILLI;
      long used = heapBytes() - heap;
      out.printf(
          "| %,d | %,d | %,.0f ms | %,d KiB | %,d | %,d |%n",
          ranks, samples, millis, Math.max(0, used) / 1024, context.messages(), context.bytes());
    }
  }

  /** Members as task managers have them: a connection and a thread that waits on it. */
  private void barrier() throws IOException, InterruptedException {
    out.println(
        "| task managers | meeting, median | p99 | frames each | bytes each | processor time for each task manager |");
    out.println("|---|---|---|---|---|---|");
    for (int members : new int[] {2, 4, 16, 64, 256, 1000}) {
      barrier(members);
    }
    out.println();
  }

  private void barrier(int members) throws IOException, InterruptedException {
    long[] nanos = new long[MEETINGS];
    long cpuBefore = processCpuNanos();
    try (BarrierServer server =
        new BarrierServer(InetAddress.getLoopbackAddress(), PortRange.ANY, members)) {
      BarrierTicket.Server address =
          new BarrierTicket.Server(List.of("127.0.0.1"), server.port(), server.token());
      List<Thread> threads = new ArrayList<>();
      for (int member = 0; member < members; member++) {
        BarrierTicket ticket = new BarrierTicket("scale-" + members + "-" + member, 1, address);
        long[] times = member == 0 ? nanos : new long[MEETINGS];
        threads.add(new Thread(() -> meet(ticket, times), "member-" + member));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      long steady = MEETINGS / 2;
      long[] sorted = Arrays.stream(nanos).skip(steady).sorted().toArray();
      out.printf(
          "| %,d | %.3f ms | %.3f ms | %.0f | %,.0f | %.1f us |%n",
          members,
          sorted[sorted.length / 2] / NANOS_PER_MILLI,
          sorted[sorted.length * 99 / 100] / NANOS_PER_MILLI,
          (double) server.traffic().frames() / MEETINGS,
          (double) server.traffic().bytes() / MEETINGS,
          (processCpuNanos() - cpuBefore) / 1e3 / MEETINGS / members);
    }
  }

  private static void meet(BarrierTicket ticket, long[] nanos) {
    try (StepBarrier barrier = StepBarrier.join(ticket)) {
      barrier.await();
      for (int i = 0; i < nanos.length - 1; i++) {
        long begin = System.nanoTime();
        barrier.await();
        nanos[i + 1] = System.nanoTime() - begin;
      }
      barrier.leave();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Records as a rank sends them once a second, decoded and merged as the sink does. */
  private void sink() throws IOException {
    Random random = new Random(1);
    Map<Stage, Histogram> latencies = new EnumMap<>(Stage.class);
    for (Stage stage :
        List.of(
            Stage.STORAGE_OPEN,
            Stage.FIRST_BYTE,
            Stage.STORAGE_READ,
            Stage.STORAGE,
            Stage.DECODE)) {
      Histogram histogram = new Histogram(3);
      for (int i = 0; i < 500; i++) {
        histogram.recordValue(10_000 + random.nextInt(1_000_000));
      }
      latencies.put(stage, histogram);
    }
    long[] times = random.longs(20, 0, 100_000_000).toArray();
    List<MetricsRecord> second =
        List.of(
            new ReadInterval(0, 0, latencies, IoCounts.ZERO),
            new StepBatch(0, 0, 1, 0, times, times, times, times),
            new RankSample(0, 1, 1, 1, 1, 1, 1, 1, 1, 1));
    out.println("| record of a rank, each second | bytes | encoded | decoded and merged |");
    out.println("|---|---|---|---|");
    double sum = 0;
    for (MetricsRecord record : second) {
      byte[] encoded = MetricsCodec.encode(record);
      Histogram all = new Histogram(3);
      double encodeMicros = 0;
      double decodeMicros = 0;
      for (int round = 0; round < 2; round++) { // The first one compiles.
        long begin = cpuNanos();
        for (int i = 0; i < RECORDS; i++) {
          MetricsCodec.encode(record);
        }
        encodeMicros = (cpuNanos() - begin) / 1e3 / RECORDS;
        begin = cpuNanos();
        for (int i = 0; i < RECORDS; i++) {
          if (MetricsCodec.decode(encoded) instanceof ReadInterval read) {
            read.latencies().values().forEach(all::add);
          }
        }
        decodeMicros = (cpuNanos() - begin) / 1e3 / RECORDS;
      }
      sum += decodeMicros;
      out.printf(
          "| %s | %,d | %.1f us | %.1f us |%n",
          record.getClass().getSimpleName(), encoded.length, encodeMicros, decodeMicros);
    }
    out.printf("%nRanks that one sink can follow each second: %,.0f%n%n", 1e6 / sum);
  }

  private void proof() {
    out.println("| samples | sum over all samples | a rank's first batch |");
    out.println("|---|---|---|");
    for (long samples : new long[] {10_000_000, 100_000_000, 1_000_000_000}) {
      Workload workload = workload(samples, 10_000);
      StepPlan plan = StepPlan.of(workload, DatasetPart.TRAIN, 10_000);
      long begin = System.nanoTime();
      long proof = CoverageProof.sumOfAll(plan);
      double proofMillis = (System.nanoTime() - begin) / NANOS_PER_MILLI;
      begin = System.nanoTime();
      long first = SampleOrders.of(workload, DatasetPart.TRAIN, plan).epoch(1).sampleAt(9_999, 0);
      double firstMillis = (System.nanoTime() - begin) / NANOS_PER_MILLI;
      out.printf("| %,d | %,.0f ms | %,.1f ms |%n", samples, proofMillis, firstMillis);
      if (proof == 0 && first < 0) {
        throw new IllegalStateException("Nothing was computed");
      }
    }
    out.println();
  }

  private static long cpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadCpuTime();
  }

  private static long processCpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }

  private static long heapBytes() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
