/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.accelerator;

/**
 * Metrics of the accelerator, one set per rank, below the scope of its operator {@code
 * Accelerator}. All are gauges.
 */
public final class AcceleratorMetrics {
  /** Epoch under way, from 1. */
  public static final String EPOCH = "epoch";

  /** Step within the pass, from 1. */
  public static final String STEP = "step";

  /** Steps of all passes so far. */
  public static final String STEPS_DONE = "stepsDone";

  /** Time spent waiting for batches so far, milliseconds. */
  public static final String WAIT_MILLIS = "batchWaitMillis";

  /** Share of compute in all time so far, percent. */
  public static final String AU = "auPercentSoFar";

  private AcceleratorMetrics() {}
}
