/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

/**
 * Consecutive steps of one rank; times in nanoseconds, arrays of equal length.
 *
 * @param rank which rank
 * @param pass running number of the pass
 * @param block block within the pass, from 1
 * @param firstStep first step of the block's list in here, from 0
 * @param load waiting for the batch (DLIO: {@code load})
 * @param compute emulated compute as it really took (DLIO: {@code compute})
 * @param proc from the start of loading to the end of compute (DLIO: {@code proc})
 * @param barrier waiting for the other ranks
 */
@SuppressWarnings("ArrayRecordComponent") // Up to hundreds of steps a record: no boxes.
public record StepBatch(
    int rank,
    int pass,
    int block,
    long firstStep,
    long[] load,
    long[] compute,
    long[] proc,
    long[] barrier)
    implements MetricsRecord {

  public StepBatch {
    if (load.length != compute.length
        || load.length != proc.length
        || load.length != barrier.length) {
      throw new IllegalArgumentException("Unequal step arrays");
    }
  }

  /** Steps in here. */
  public int size() {
    return load.length;
  }
}
