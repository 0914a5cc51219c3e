/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

/**
 * Metrics of the dataset verifier, one set per rank, below the scope of its operator {@code Sample
 * verifier}. All are gauges of the run so far.
 */
public final class VerifierMetrics {
  /** Files checked. */
  public static final String FILES_CHECKED = "filesChecked";

  /** Of these, files that are not what they should be. */
  public static final String FILES_BAD = "filesBad";

  /** Bytes read. */
  public static final String BYTES_CHECKED = "bytesChecked";

  private VerifierMetrics() {}
}
