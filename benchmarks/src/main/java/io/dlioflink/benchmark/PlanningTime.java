/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

import io.dlioflink.source.dataset.DatasetFacts;
import io.dlioflink.source.dataset.DatasetSurvey;
import io.dlioflink.source.split.DatasetSplit;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.PassSchedule;
import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.order.SampleOrders;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * Times what happens between a workload file and the first read of a derived dataset: steps, the
 * spot checks of the enumerator, splits of all ranks and passes, and the names of the first batch
 * of every rank. Storage answers from memory, so that only our own work counts.
 */
public final class PlanningTime {
  private static final int RANKS = 8;
  private static final int ROUNDS = 5;
  private static final double NANOS_PER_MILLI = 1e6;

  private PlanningTime() {}

  private record Plan(DatasetFacts facts, List<DatasetSplit> splits, List<String> firstFiles) {}

  /**
   * Prints a Markdown table.
   *
   * @param args number of files
   */
  public static void main(String[] args) throws IOException {
    long files = args.length > 0 ? Long.parseLong(args[0]) : 100_000_000;
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    out.println("| files | sizes | round | time | live heap, more than before | files looked up |");
    out.println("|---|---|---|---|---|---|");
    for (long stdevBytes : new long[] {0, 32768}) {
      for (int round = 1; round <= ROUNDS; round++) {
        time(out, files, stdevBytes, round);
      }
    }
  }

  private static void time(PrintStream out, long files, long stdevBytes, int round)
      throws IOException {
    long heapBefore = liveHeapBytes();
    long start = System.nanoTime();
    Workload workload = BenchWorkload.of(files, stdevBytes, RANKS);
    Location root = Location.parse("/data/bench");
    DerivedStorage storage = new DerivedStorage(workload.dataset(), root);
    Plan plan = plan(workload, storage, root);
    double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
    long heapAfter = liveHeapBytes();
    out.printf(
        "| %,d | %s | %d | %.1f ms | %,d KiB | %d |%n",
        files,
        stdevBytes == 0 ? "equal" : "drawn",
        round,
        millis,
        Math.max(0, heapAfter - heapBefore) / 1024,
        storage.lookedUp());
    if (plan.firstFiles().isEmpty() || plan.splits().isEmpty() || plan.facts().files().isEmpty()) {
      throw new IllegalStateException("Nothing was planned");
    }
  }

  private static Plan plan(Workload workload, DerivedStorage storage, Location root)
      throws IOException {
    DatasetFacts facts =
        new DatasetSurvey(storage, root, workload.dataset()).survey(EnumSet.of(DatasetPart.TRAIN));
    List<Pass> passes = PassSchedule.of(workload, RANKS);
    List<DatasetSplit> splits = new ArrayList<>();
    for (int rank = 0; rank < RANKS; rank++) {
      for (Pass pass : passes) {
        splits.add(new DatasetSplit(pass.index(), rank, 0, pass.plan().samplesPerRank()));
      }
    }
    Pass first = passes.get(0);
    SampleOrder.Epoch order = SampleOrders.of(workload, first.part(), first.plan()).epoch(1);
    List<String> names = new ArrayList<>();
    for (int rank = 0; rank < RANKS; rank++) {
      for (int i = 0; i < first.plan().batchSize(); i++) {
        long sample = order.sampleAt(rank, i);
        names.add(
            facts.files().get(first.part()).relativePath(sample / first.plan().samplesPerFile()));
      }
    }
    return new Plan(facts, splits, names);
  }

  private static long liveHeapBytes() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
