/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.IoCounts;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.OutputConfig;
import io.dlioflink.workload.Pass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.annotation.Nullable;

/** What is known of one rank: its host, the blocks and passes it has ended. */
final class RankBooks {

  /** A block and its figures. */
  record Block(BlockResult result, BlockWindow window) {}

  /** Sums over the steps of a pass, nanoseconds. */
  record Times(long load, long compute, long barrier) {
    private static final Times NONE = new Times(0, 0, 0);
  }

  private final List<Pass> passes;
  private final OutputConfig output;
  private final Map<Integer, PassResult> results = new HashMap<>();
  private final Map<Integer, List<Block>> blocks = new HashMap<>();
  private final Map<Integer, Times> times = new HashMap<>();
  private @Nullable BlockWindow open;
  private @Nullable RankHello hello;
  private IoCounts earlierIoCounts = IoCounts.ZERO;
  private IoCounts ioCounts = IoCounts.ZERO;

  RankBooks(List<Pass> passes, OutputConfig output) {
    this.passes = passes;
    this.output = output;
  }

  void hello(RankHello record) {
    hello = record;
  }

  void steps(StepBatch steps) {
    BlockWindow window = window(steps.pass());
    Times sum = times(steps.pass());
    long load = sum.load();
    long compute = sum.compute();
    long barrier = sum.barrier();
    for (int i = 0; i < steps.size(); i++) {
      window.add(steps.compute()[i], steps.proc()[i]);
      load += steps.load()[i];
      compute += steps.compute()[i];
      barrier += steps.barrier()[i];
    }
    times.put(steps.pass(), new Times(load, compute, barrier));
  }

  Times times(int pass) {
    return times.getOrDefault(pass, Times.NONE);
  }

  void block(BlockResult result) {
    BlockWindow window = window(result.pass());
    window.end(result.durationNanos());
    open = null;
    blocks.computeIfAbsent(result.pass(), pass -> new ArrayList<>()).add(new Block(result, window));
  }

  void pass(PassResult result) {
    results.put(result.pass(), result);
  }

  void ioCounts(IoCounts total) {
    ioCounts = total;
  }

  private BlockWindow window(int pass) {
    if (open == null) {
      open =
          new BlockWindow(
              passes.get(pass).plan().steps(),
              output.excludeStartSteps(),
              output.excludeEndSteps());
    }
    return open;
  }

  @Nullable
  RankHello hello() {
    return hello;
  }

  /** The result of a pass; null if the rank has not ended it. */
  @Nullable
  PassResult pass(int index) {
    return results.get(index);
  }

  List<Block> blocks(int pass) {
    return blocks.getOrDefault(pass, List.of());
  }

  IoCounts ioCounts() {
    return earlierIoCounts.plus(ioCounts);
  }

  /** The rank has begun again: what it counts itself begins at zero. */
  void resumed() {
    earlierIoCounts = ioCounts();
    ioCounts = IoCounts.ZERO;
  }

  /** AU of a pass in percent: blocks weighted by their steps. */
  double auPercent(Pass pass) {
    double sum = 0;
    long steps = 0;
    for (Block block : blocks(pass.index())) {
      sum += block.window().auPercent() * block.window().steps();
      steps += block.window().steps();
    }
    return steps == 0 ? 0 : sum / steps;
  }

  /** Samples per second of a pass by DLIO's formula for its part. */
  double throughput(Pass pass) {
    double sum = 0;
    long steps = 0;
    for (Block block : blocks(pass.index())) {
      sum += throughput(pass, block) * block.window().steps();
      steps += block.window().steps();
    }
    return steps == 0 ? 0 : sum / steps;
  }

  /** Samples per second of one block; evaluation counts all steps over all its time. */
  static double throughput(Pass pass, Block block) {
    int batch = pass.plan().batchSize();
    if (pass.part() == DatasetPart.TRAIN) {
      return block.window().throughput(batch);
    }
    double seconds = block.result().durationNanos() / 1e9;
    return seconds <= 0 ? 0 : block.window().steps() / seconds * batch;
  }

  /** Samples per second over the steps of the window alone. */
  double windowThroughput(Pass pass) {
    double sum = 0;
    long steps = 0;
    for (Block block : blocks(pass.index())) {
      sum += block.window().windowThroughput(pass.plan().batchSize()) * block.window().steps();
      steps += block.window().steps();
    }
    return steps == 0 ? 0 : sum / steps;
  }
}
