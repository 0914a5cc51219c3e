/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.StepPlan;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * What all ranks together read in an epoch, found by walking its order: for orders that do not read
 * every sample once. Time is linear in the samples read.
 *
 * @param reads samples read, with repetitions
 * @param padding places in batches for which nothing is read
 * @param coverage sum of {@link CoverageProof#hash} over the reads
 * @param distinct samples read at least once and more than once; empty for parts of more than
 *     {@link #MAX_COUNTED} samples, which are not counted apart
 */
public record OrderTally(long reads, long padding, long coverage, Optional<Distinct> distinct) {
  /** Largest part whose samples are counted apart: 16 MiB of memory. */
  public static final long MAX_COUNTED = 1L << 26;

  /**
   * How often samples are read.
   *
   * @param repeated samples read more than once
   * @param never samples never read
   */
  public record Distinct(long repeated, long never) {}

  /**
   * Walks an epoch.
   *
   * @param visitor is told of every sample read, in no particular order
   */
  public static OrderTally of(SampleOrder.Epoch epoch, StepPlan plan, LongConsumer visitor) {
    boolean counted = plan.totalSamples() <= MAX_COUNTED;
    BitSet once = new BitSet();
    BitSet again = new BitSet();
    long reads = 0;
    long padding = 0;
    long coverage = 0;
    long perRank = plan.samplesPerRank();
    for (int rank = 0; rank < plan.ranks(); rank++) {
      for (long position = 0; position < perRank; position++) {
        long id = epoch.sampleAt(rank, position);
        if (id == SampleOrder.PADDING) {
          padding++;
          continue;
        }
        reads++;
        coverage += CoverageProof.hash(id);
        visitor.accept(id);
        if (counted) {
          (once.get((int) id) ? again : once).set((int) id);
        }
      }
    }
    Optional<Distinct> distinct =
        counted
            ? Optional.of(
                new Distinct(again.cardinality(), plan.totalSamples() - once.cardinality()))
            : Optional.empty();
    return new OrderTally(reads, padding, coverage, distinct);
  }
}
