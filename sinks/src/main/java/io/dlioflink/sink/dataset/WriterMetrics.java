/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

/**
 * Metrics of the dataset writer, one set per rank, below the scope of its operator {@code Sample
 * writer}. All are gauges of the run so far.
 */
public final class WriterMetrics {
  /** Files written. */
  public static final String FILES_WRITTEN = "filesWritten";

  /** Files found complete and left as they were. */
  public static final String FILES_PRESENT = "filesPresent";

  /** Bytes that storage has taken, those of files under way included. */
  public static final String BYTES_WRITTEN = "bytesWritten";

  private WriterMetrics() {}
}
