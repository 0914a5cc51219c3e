/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.accelerator;

import io.dlioflink.sink.metrics.MetricsRecord;
import io.dlioflink.sink.metrics.StepBatch;
import java.util.Arrays;
import java.util.function.Consumer;

/** Collects the times of consecutive steps into records of constant size. */
final class StepRecorder {
  private static final int STEPS_PER_RECORD = 256;

  private final int rank;
  private final int pass;
  private final int block;
  private final Consumer<MetricsRecord> output;
  private final long[] load = new long[STEPS_PER_RECORD];
  private final long[] compute = new long[STEPS_PER_RECORD];
  private final long[] proc = new long[STEPS_PER_RECORD];
  private final long[] barrier = new long[STEPS_PER_RECORD];
  private long flushed;
  private int held;

  StepRecorder(int rank, int pass, int block, Consumer<MetricsRecord> output) {
    this.rank = rank;
    this.pass = pass;
    this.block = block;
    this.output = output;
  }

  void add(long loadNanos, long computeNanos, long procNanos, long barrierNanos) {
    load[held] = loadNanos;
    compute[held] = computeNanos;
    proc[held] = procNanos;
    barrier[held] = barrierNanos;
    held++;
    if (held == STEPS_PER_RECORD) {
      flush();
    }
  }

  /** Ends the block; one without steps has a record as well. */
  void end() {
    if (held > 0 || flushed == 0) {
      emit();
    }
  }

  void flush() {
    if (held > 0) {
      emit();
    }
  }

  private void emit() {
    output.accept(
        new StepBatch(
            rank,
            pass,
            block,
            flushed,
            Arrays.copyOf(load, held),
            Arrays.copyOf(compute, held),
            Arrays.copyOf(proc, held),
            Arrays.copyOf(barrier, held)));
    flushed += held;
    held = 0;
  }
}
