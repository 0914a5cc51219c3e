/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.checkpoint;

/**
 * Metrics of checkpoints, one set per rank, below the scope of the operator that takes them, {@code
 * Checkpoints} or {@code Accelerator}. All are gauges.
 */
public final class CheckpointMetrics {
  /** Checkpoint under way, or the last one, from 1; counted through reading after writing. */
  public static final String ROUND = "checkpointRound";

  /** Files written and read so far. */
  public static final String FILES = "checkpointFiles";

  /** Bytes written to storage so far. */
  public static final String WRITTEN_BYTES = "checkpointBytesWritten";

  /** Bytes read from storage so far. */
  public static final String READ_BYTES = "checkpointBytesRead";

  private CheckpointMetrics() {}
}
