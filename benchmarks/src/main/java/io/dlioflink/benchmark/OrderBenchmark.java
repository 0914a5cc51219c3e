/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.order.SampleOrders;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Which sample comes next, and what its file is called: nanoseconds per sample. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class OrderBenchmark {
  private static final int RANKS = 8;

  /** Files: NumPy's permutation below four million, a Feistel network above. */
  @Param({"1000000", "100000000"})
  public long files;

  private SampleOrder.Epoch epoch;
  private DatasetLayout layout;
  private long positions;
  private long position;

  /** Plans. */
  @Setup
  public void plan() {
    Workload workload = BenchWorkload.of(files, 0, RANKS);
    StepPlan plan = StepPlan.of(workload, DatasetPart.TRAIN, RANKS);
    epoch = SampleOrders.of(workload, DatasetPart.TRAIN, plan).epoch(1);
    layout = DatasetLayout.of(workload.dataset());
    positions = plan.samplesPerRank();
  }

  /** The id of a sample. */
  @Benchmark
  public long sampleAt() {
    position = position + 1 == positions ? 0 : position + 1;
    return epoch.sampleAt(3, position);
  }

  /** The name of a file. */
  @Benchmark
  public String relativePath() {
    position = position + 1 == positions ? 0 : position + 1;
    return layout.relativePath(DatasetPart.TRAIN, position);
  }
}
