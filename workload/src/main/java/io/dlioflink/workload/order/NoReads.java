/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.StepPlan;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What the synthetic loader does: constant batches, nothing is read. Source: DLIO {@code
 * data_loader/synthetic_data_loader.py}.
 */
record NoReads(StepPlan plan) implements SampleOrder {

  @Override
  public String description() {
    return "synthetic(constant batches, nothing is read)";
  }

  @Override
  public boolean sameInEveryEpoch() {
    return true;
  }

  @Override
  public Epoch epoch(int epoch) {
    return new Constant(plan);
  }

  private record Constant(StepPlan plan) implements Epoch {

    @Override
    public long sampleAt(int rank, long position) {
      Objects.checkIndex(rank, plan.ranks());
      Objects.checkIndex(position, plan.samplesPerRank());
      return PADDING;
    }

    @Override
    public Optional<LongStream> leftOut() {
      return Optional.empty();
    }
  }
}
