/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * In which order the ranks read the samples of a dataset part.
 *
 * <p>A sample id is {@code fileIndex * samplesPerFile + indexInFile}, files in the order of their
 * names. An order needs no memory that grows with the dataset.
 */
public interface SampleOrder extends Serializable {

  /** In the place of a sample id: the batch is filled up without reading anything. */
  long PADDING = -1;

  /** What ran, for the report, e.g. {@code declared(sample_shuffle=seed, permutation=numpy)}. */
  String description();

  /** The order of one epoch, counted from 1. Immutable and safe for use by several threads. */
  Epoch epoch(int epoch);

  /** Whether every epoch surely reads the same samples, as often. */
  default boolean sameInEveryEpoch() {
    return false;
  }

  /**
   * The order of one epoch.
   *
   * <p>Asking for the positions of one rank in ascending order is cheap; anything else may cost a
   * walk from the start of the rank's share.
   */
  interface Epoch {

    /**
     * The sample a rank reads, or {@link #PADDING}.
     *
     * @param rank 0 .. ranks - 1
     * @param position 0 .. {@link StepPlan#samplesPerRank()} - 1, in the order of reading
     */
    long sampleAt(int rank, long position);

    /**
     * The ids no rank reads in this epoch, each once, where every other id is read exactly once.
     * Empty for an order that reads samples several times or never, as some of DLIO's loaders do:
     * then only {@link #sampleAt} says what is read.
     */
    Optional<LongStream> leftOut();
  }
}
