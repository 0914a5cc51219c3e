/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.StepPlan;

/**
 * Proves that a pass read every sample it should, and none twice, without a list of samples: each
 * rank adds up a hash of the ids it read, and the sum of all ranks must be the sum over all ids
 * less those the order leaves out. Two different multisets of the same size agree by chance once in
 * 2^64.
 */
public final class CoverageProof {
  private final long sumOfAll;

  /** Prepares the proof for passes of one plan. Time is linear in the samples. */
  public CoverageProof(StepPlan plan) {
    long sum = 0;
    long total = plan.totalSamples();
    for (long id = 0; id < total; id++) {
      sum += hash(id);
    }
    sumOfAll = sum;
  }

  /** What the sum of all ranks must be after a complete pass. */
  public long expected(SampleOrder.Epoch epoch) {
    return sumOfAll - epoch.leftOut().map(CoverageProof::hash).sum();
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
