/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import io.dlioflink.workload.StepPlan;
import java.util.stream.LongStream;

/**
 * Proves that a pass read every sample it should, and as often, without a list of samples: each
 * rank adds up a hash of the ids it read, and the sum of all ranks must be the one that follows
 * from the order: over all ids less those it leaves out, or, for orders that read samples several
 * times, over a walk of it ({@link OrderTally}). Two different multisets of the same size agree by
 * chance once in 2^64.
 */
public final class CoverageProof {
  private CoverageProof() {}

  /**
   * The sum over all samples of a plan. Time is linear in the samples, and shared by all processors
   * of the host: some seconds of processor time for a thousand million.
   */
  public static long sumOfAll(StepPlan plan) {
    return sum(LongStream.range(0, plan.totalSamples()).parallel());
  }

  /** The sum over some samples. */
  public static long sum(LongStream ids) {
    return ids.map(CoverageProof::hash).sum();
  }

  /** The hash of one sample id (SplitMix64's finalizer). */
  public static long hash(long sampleId) {
    long z = (sampleId + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Folds the next id into a hash that depends on the order of reading. */
  public static long orderHash(long previous, long sampleId) {
    return hash(previous * 31 + sampleId);
  }
}
