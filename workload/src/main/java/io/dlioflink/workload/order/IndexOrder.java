/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.StepPlan;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What DLIO's pytorch and dali loaders do: every rank reads its contiguous share in the order of
 * the names, the same in every epoch, whatever the shuffle settings say.
 *
 * <p>A share is {@code ceil(total / ranks)} samples, where the total is trimmed to whole steps but
 * not by a step limit: a limit cuts the end of each share off. Source: DLIO {@code
 * data_loader/torch_data_loader.py}, {@code dali_data_loader.py} and {@code utils/config.py} (index
 * map).
 *
 * @param plan shares
 * @param loader name of the loader
 */
record IndexOrder(StepPlan plan, String loader) implements SampleOrder {

  @Override
  public String description() {
    return "dlio(%s: contiguous shares, no shuffling)".formatted(loader);
  }

  @Override
  public boolean sameInEveryEpoch() {
    return true;
  }

  @Override
  public Epoch epoch(int epoch) {
    return new Shares(plan);
  }

  private record Shares(StepPlan plan) implements Epoch {

    private long share() {
      return plan.availableSteps() * plan.batchSize();
    }

    @Override
    public long sampleAt(int rank, long position) {
      Objects.checkIndex(rank, plan.ranks());
      Objects.checkIndex(position, plan.samplesPerRank());
      return rank * share() + position;
    }

    @Override
    public Optional<LongStream> leftOut() {
      long share = share();
      LongStream cutOff =
          LongStream.range(0, plan.ranks())
              .flatMap(
                  rank ->
                      LongStream.range(rank * share + plan.samplesPerRank(), (rank + 1) * share));
      return Optional.of(
          LongStream.concat(cutOff, LongStream.range(plan.ranks() * share, plan.totalSamples())));
    }
  }
}
