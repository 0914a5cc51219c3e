/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.accelerator;

import io.dlioflink.job.checkpoint.CheckpointFigures;
import io.dlioflink.workload.Pass;

/** Live figures of one rank. Written by its thread, read by metric reporters. */
final class AcceleratorFigures {
  private final CheckpointFigures checkpoints = new CheckpointFigures();
  private volatile int epoch;
  private volatile long step;
  private volatile long stepsDone;
  private volatile long waitNanos;
  private volatile long computeNanos;
  private volatile long elapsedNanos;

  void begin(Pass pass) {
    epoch = pass.epoch();
    step = 0;
  }

  // Single writer: the increments cannot be lost.
  @SuppressWarnings("NonAtomicVolatileUpdate")
  void step(long wait, long compute, long elapsed) {
    step++;
    stepsDone++;
    waitNanos += wait;
    computeNanos += compute;
    elapsedNanos += elapsed;
  }

  /** Those of the checkpoints taken on the way. */
  CheckpointFigures checkpoints() {
    return checkpoints;
  }

  int epoch() {
    return epoch;
  }

  long step() {
    return step;
  }

  long stepsDone() {
    return stepsDone;
  }

  /** Time spent waiting for batches, milliseconds. */
  long waitMillis() {
    return waitNanos / 1_000_000;
  }

  long waitNanos() {
    return waitNanos;
  }

  long computeNanos() {
    return computeNanos;
  }

  long elapsedNanos() {
    return elapsedNanos;
  }

  /** Share of compute in all time so far, percent. */
  double auPercent() {
    long elapsed = elapsedNanos;
    return elapsed == 0 ? 0 : 100.0 * computeNanos / elapsed;
  }
}
