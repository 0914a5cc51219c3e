/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.StepPlan;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.LongStream;

/** An epoch whose ranks walk {@link RankRounds}. Remembers where the rank asked for last is. */
final class RoundsEpoch implements SampleOrder.Epoch {
  private final StepPlan plan;
  private final IntFunction<RankRounds> roundsOfRank;
  private int cursorRank = -1;
  private RankRounds.Cursor cursor;

  RoundsEpoch(StepPlan plan, IntFunction<RankRounds> roundsOfRank) {
    this.plan = plan;
    this.roundsOfRank = roundsOfRank;
  }

  @Override
  public synchronized long sampleAt(int rank, long position) {
    Objects.checkIndex(rank, plan.ranks());
    Objects.checkIndex(position, plan.samplesPerRank());
    if (rank != cursorRank || position < cursor.position()) {
      cursor = roundsOfRank.apply(rank).cursor();
      cursorRank = rank;
    }
    if (position > cursor.position()) {
      cursor.skipTo(position);
    }
    return cursor.next();
  }

  @Override
  public Optional<LongStream> leftOut() {
    return Optional.empty();
  }
}
