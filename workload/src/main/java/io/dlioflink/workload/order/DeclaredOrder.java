/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.Shuffle;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.Workload;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What the workload file says: {@code sample_shuffle} permutes all samples (which includes the
 * files), {@code file_shuffle} alone permutes whole files, else the order of the names. Rank r
 * reads the r-th contiguous share of the permuted list, the end of the list is left out.
 *
 * @param plan shares
 * @param unit what is permuted
 * @param shuffle how the file calls it
 * @param seed {@code train.seed}
 * @param seedChangeEpoch whether the epoch is added to the seed
 */
record DeclaredOrder(StepPlan plan, Unit unit, Shuffle shuffle, long seed, boolean seedChangeEpoch)
    implements SampleOrder {

  enum Unit {
    NOTHING,
    FILES,
    SAMPLES
  }

  static DeclaredOrder of(Workload workload, StepPlan plan) {
    Shuffle samples = workload.reader().sampleShuffle();
    Shuffle files = workload.reader().fileShuffle();
    Unit unit =
        samples != Shuffle.OFF ? Unit.SAMPLES : files != Shuffle.OFF ? Unit.FILES : Unit.NOTHING;
    return new DeclaredOrder(
        plan,
        unit,
        unit == Unit.SAMPLES ? samples : files,
        workload.train().seed(),
        workload.train().seedChangeEpoch());
  }

  private long permuted() {
    return switch (unit) {
      case NOTHING -> 0;
      case FILES -> plan.files();
      case SAMPLES -> plan.totalSamples();
    };
  }

  @Override
  public String description() {
    if (unit == Unit.NOTHING) {
      return "declared(no shuffling)";
    }
    return "declared(%s_shuffle=%s, permutation=%s)"
        .formatted(
            unit == Unit.SAMPLES ? "sample" : "file",
            shuffle.yamlName(),
            Permutation.kind(permuted()));
  }

  @Override
  public boolean sameInEveryEpoch() {
    return unit == Unit.NOTHING || !seedChangeEpoch;
  }

  @Override
  public Epoch epoch(int epoch) {
    long epochSeed = seedChangeEpoch ? seed + epoch : seed;
    return switch (unit) {
      case NOTHING -> new PermutedEpoch(plan, position -> position, 1);
      case FILES ->
          new PermutedEpoch(plan, Permutation.of(epochSeed, permuted()), plan.samplesPerFile());
      case SAMPLES -> new PermutedEpoch(plan, Permutation.of(epochSeed, permuted()), 1);
    };
  }

  /**
   * One epoch.
   *
   * @param groupSamples samples that move together
   */
  private record PermutedEpoch(StepPlan plan, Permutation permutation, long groupSamples)
      implements Epoch {

    @Override
    public long sampleAt(int rank, long position) {
      Objects.checkIndex(rank, plan.ranks());
      Objects.checkIndex(position, plan.samplesPerRank());
      return idAt(rank * plan.samplesPerRank() + position);
    }

    @Override
    public Optional<LongStream> leftOut() {
      return Optional.of(LongStream.range(plan.usedSamples(), plan.totalSamples()).map(this::idAt));
    }

    private long idAt(long position) {
      return groupSamples == 1
          ? permutation.at(position)
          : permutation.at(position / groupSamples) * groupSamples + position % groupSamples;
    }
  }
}
