/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.WorkloadFixture;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SampleOrdersTest {

  private static final List<Workload> WORKLOADS =
      List.of(
          workload(),
          workload("reader.file_shuffle=seed"),
          workload("reader.sample_shuffle=random"),
          workload("reader.file_shuffle=seed", "reader.sample_shuffle=seed"),
          workload("reader.sample_shuffle=seed", "train.seed_change_epoch=false"),
          workload("reader.sample_order=dlio", "reader.sample_shuffle=seed"));

  @Test
  void everySampleIsReadOrLeftOutExactlyOnce() {
    Random random = new Random(20);
    for (int i = 0; i < 2000; i++) {
      StepPlan plan =
          new StepPlan(
              random.nextInt(60),
              1 + random.nextInt(7),
              1 + random.nextInt(6),
              1 + random.nextInt(9),
              random.nextBoolean() ? 0 : 1 + random.nextInt(6));
      for (Workload workload : WORKLOADS) {
        SampleOrder order = SampleOrders.of(workload, DatasetPart.TRAIN, plan);
        assertCovered(order.epoch(1 + random.nextInt(5)), plan);
      }
    }
  }

  private static void assertCovered(SampleOrder.Epoch epoch, StepPlan plan) {
    BitSet seen = new BitSet();
    LongStream read =
        IntStream.range(0, plan.ranks())
            .boxed()
            .flatMapToLong(
                rank ->
                    LongStream.range(0, plan.samplesPerRank())
                        .map(position -> epoch.sampleAt(rank, position)));
    LongStream.concat(read, epoch.leftOut().orElseThrow())
        .forEach(
            id -> {
              assertThat(seen.get(Math.toIntExact(id))).as("%s: sample %d", plan, id).isFalse();
              seen.set((int) id);
            });
    assertThat(seen.length()).as(plan.toString()).isEqualTo((int) plan.totalSamples());
    assertThat(seen.cardinality()).as(plan.toString()).isEqualTo((int) plan.totalSamples());
    assertThat(epoch.leftOut().orElseThrow().count()).isEqualTo(plan.leftOutSamples());
  }

  @Test
  void withoutShufflingTheRanksReadContiguousShares() {
    StepPlan plan = new StepPlan(11, 1, 2, 2, 0);
    SampleOrder order = SampleOrders.of(workload(), DatasetPart.TRAIN, plan);
    assertThat(order.description()).isEqualTo("declared(no shuffling)");
    assertThat(ids(order, plan, 1, 0)).containsExactly(0L, 1L, 2L, 3L);
    assertThat(ids(order, plan, 1, 1)).containsExactly(4L, 5L, 6L, 7L);
    assertThat(order.epoch(1).leftOut().orElseThrow()).containsExactly(8L, 9L, 10L);
  }

  @Test
  void aSampleShuffleIsNumpysWithSeedPlusEpoch() {
    StepPlan plan = new StepPlan(8, 1, 2, 2, 0);
    SampleOrder order =
        SampleOrders.of(workload("reader.sample_shuffle=seed"), DatasetPart.TRAIN, plan);
    assertThat(order.description()).isEqualTo("declared(sample_shuffle=seed, permutation=numpy)");
    assertThat(ids(order, plan, 1, 0)).containsExactly(3L, 7L, 0L, 5L);
    assertThat(ids(order, plan, 1, 1)).containsExactly(2L, 1L, 4L, 6L);
    assertThat(ids(order, plan, 2, 0)).isNotEqualTo(ids(order, plan, 1, 0));
  }

  @Test
  void aFixedSeedRepeatsTheEpoch() {
    StepPlan plan = new StepPlan(8, 1, 2, 2, 0);
    SampleOrder order =
        SampleOrders.of(
            workload(
                "reader.sample_shuffle=seed", "train.seed=43", "train.seed_change_epoch=false"),
            DatasetPart.TRAIN,
            plan);
    assertThat(ids(order, plan, 1, 0)).containsExactly(3L, 7L, 5L, 6L);
    assertThat(ids(order, plan, 9, 0)).isEqualTo(ids(order, plan, 1, 0));
  }

  @Test
  void aFileShuffleKeepsTheSamplesOfAFileTogether() {
    StepPlan plan = new StepPlan(8, 3, 4, 2, 0);
    SampleOrder order =
        SampleOrders.of(workload("reader.file_shuffle=random"), DatasetPart.TRAIN, plan);
    assertThat(order.description()).isEqualTo("declared(file_shuffle=random, permutation=numpy)");
    assertThat(ids(order, plan, 1, 0))
        .containsExactly(9L, 10L, 11L, 21L, 22L, 23L, 0L, 1L, 2L, 15L, 16L, 17L);
  }

  @Test
  void dliosPytorchOrderIgnoresShufflesAndCutsSharesAtAStepLimit() {
    StepPlan plan = new StepPlan(13, 1, 2, 2, 2);
    SampleOrder order =
        SampleOrders.of(
            workload("reader.sample_order=dlio", "reader.sample_shuffle=seed"),
            DatasetPart.TRAIN,
            plan);
    assertThat(order.description()).isEqualTo("dlio(pytorch: contiguous shares, no shuffling)");
    assertThat(ids(order, plan, 1, 0)).containsExactly(0L, 1L, 2L, 3L);
    assertThat(ids(order, plan, 5, 1)).containsExactly(6L, 7L, 8L, 9L);
    assertThat(order.epoch(1).leftOut().orElseThrow()).containsExactly(4L, 5L, 10L, 11L, 12L);
  }

  @Test
  void ranksAndPositionsOutsideThePlanAreRejected() {
    StepPlan plan = new StepPlan(8, 1, 2, 2, 0);
    for (Workload workload : WORKLOADS) {
      SampleOrder.Epoch epoch = SampleOrders.of(workload, DatasetPart.TRAIN, plan).epoch(1);
      assertThatThrownBy(() -> epoch.sampleAt(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> epoch.sampleAt(0, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void aHugeDatasetIsShuffledWithoutMemory() {
    StepPlan plan = new StepPlan(1_000_000_000L, 1251, 400, 64, 0);
    SampleOrder order =
        SampleOrders.of(workload("reader.sample_shuffle=seed"), DatasetPart.TRAIN, plan);
    assertThat(order.description()).isEqualTo("declared(sample_shuffle=seed, permutation=feistel)");
    assertThat(order.epoch(1).sampleAt(63, plan.samplesPerRank() - 1))
        .isBetween(0L, plan.totalSamples() - 1);
  }

  private static List<Long> ids(SampleOrder order, StepPlan plan, int epoch, int rank) {
    SampleOrder.Epoch samples = order.epoch(epoch);
    return LongStream.range(0, plan.samplesPerRank())
        .mapToObj(position -> samples.sampleAt(rank, position))
        .toList();
  }

  private static Workload workload(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of("framework=pytorch", "reader.data_loader=pytorch", "dataset.format=npz"));
    all.addAll(List.of(overrides));
    return WorkloadFixture.workload(all.toArray(String[]::new));
  }
}
