/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

/**
 * Metrics of the sample reader, one set per rank, below the operator's scope {@code
 * <host>.taskmanager.<id>.<job>.Sample reader.<rank>}. All are gauges of the run so far.
 */
public final class ReaderMetrics {
  /** Samples read. */
  public static final String SAMPLES = "samples";

  /** Decoded bytes. */
  public static final String SAMPLE_BYTES = "sampleBytes";

  /** Bytes delivered by storage. */
  public static final String STORAGE_BYTES = "storageBytes";

  /** Of these, bytes that went past the page cache. */
  public static final String DIRECT_BYTES = "directBytes";

  /** Requests repeated after a failure. */
  public static final String RETRIES = "retries";

  /** Batches being read or waiting for the accelerator. */
  public static final String BATCHES_IN_FLIGHT = "batchesInFlight";

  private ReaderMetrics() {}
}
