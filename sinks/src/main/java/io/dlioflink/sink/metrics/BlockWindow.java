/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

/**
 * AU and throughput of one block of steps of one rank, by DLIO's formulas ({@code
 * utils/statscounter.py}, {@code end_block}), fed step by step so that no list is kept.
 *
 * <p>With n steps, window bounds a (excluded at the start) and z (excluded at the end) applied to
 * the nominal number of steps N, and the block's wall time T: {@code total = T - sum(proc[0:a]) -
 * sum(proc[N-z:])}, {@code au = 100 * sum(compute[a:N-z]) / total}, {@code throughput = (n - 2) /
 * total * batch}. The fixed 2 is DLIO's, whatever a and z are.
 */
public final class BlockWindow {
  /** DLIO's, for the throughput. */
  static final int STEPS_NOT_COUNTED = 2;

  private static final double NANOS_PER_SECOND = 1e9;

  private final long excludedStart;
  private final long tailFrom;
  private long steps;
  private long headProc;
  private long tailProc;
  private long windowCompute;
  private double windowComputeSquares;
  private long windowSteps;
  private long totalNanos = -1;

  /**
   * A block that has not begun.
   *
   * @param nominalSteps steps of the whole pass
   * @param excludeStartSteps {@code output.metric.exclude_start_steps}
   * @param excludeEndSteps {@code output.metric.exclude_end_steps}
   */
  public BlockWindow(long nominalSteps, int excludeStartSteps, int excludeEndSteps) {
    this.excludedStart = excludeStartSteps;
    this.tailFrom = nominalSteps - excludeEndSteps;
  }

  /** Adds the next step; nanoseconds. */
  public void add(long compute, long proc) {
    if (steps < excludedStart) {
      headProc += proc;
    }
    if (steps >= tailFrom) {
      tailProc += proc;
    }
    if (steps >= excludedStart && steps < tailFrom) {
      windowCompute += compute;
      windowComputeSquares += (double) compute * compute;
      windowSteps++;
    }
    steps++;
  }

  /** Ends the block. */
  public void end(long durationNanos) {
    totalNanos = durationNanos - headProc - tailProc;
  }

  /** Whether the block has ended. */
  public boolean ended() {
    return totalNanos != -1;
  }

  /** Steps in the block. */
  public long steps() {
    return steps;
  }

  /** Steps inside the window that AU is computed over. */
  public long windowSteps() {
    return windowSteps;
  }

  /** Mean emulated compute of the steps of the window; 0 if there are none. */
  public double computeMeanSeconds() {
    return windowSteps == 0 ? 0 : windowCompute / NANOS_PER_SECOND / windowSteps;
  }

  /** Population standard deviation of the same. */
  public double computeStdevSeconds() {
    if (windowSteps == 0) {
      return 0;
    }
    double mean = (double) windowCompute / windowSteps;
    double variance = windowComputeSquares / windowSteps - mean * mean;
    return Math.sqrt(Math.max(0, variance)) / NANOS_PER_SECOND;
  }

  /** Accelerator utilization in percent; 0 if no step is in the window. */
  public double auPercent() {
    return windowCompute == 0 || totalNanos <= 0 ? 0 : 100.0 * windowCompute / totalNanos;
  }

  /** DLIO's samples per second of this rank. */
  public double throughput(int batchSize) {
    return totalNanos <= 0
        ? 0
        : (steps - STEPS_NOT_COUNTED) / (totalNanos / NANOS_PER_SECOND) * batchSize;
  }

  /** Samples per second over just the steps in the window: what the time stands for. */
  public double windowThroughput(int batchSize) {
    return totalNanos <= 0 ? 0 : windowSteps / (totalNanos / NANOS_PER_SECOND) * batchSize;
  }
}
