/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.workload.WorkloadFixture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CheckpointScheduleTest {

  private static CheckpointSchedule schedule(String... overrides) {
    return CheckpointSchedule.of(WorkloadFixture.workload(overrides));
  }

  @Test
  void stepsCountAnewInEachEpoch() {
    CheckpointSchedule schedule =
        schedule("workflow.checkpoint=true", "checkpoint.steps_between_checkpoints=4");

    assertThat(IntStream.rangeClosed(1, 10).filter(schedule::afterStep)).containsExactly(4, 8);
    assertThat(schedule.afterEpoch(1)).isFalse();
    assertThat(schedule.count(3, 10)).isEqualTo(6);
  }

  @Test
  void epochsStartWhereSaidAndGoOnAtTheDistance() {
    CheckpointSchedule schedule =
        schedule(
            "workflow.checkpoint=true",
            "checkpoint.checkpoint_after_epoch=2",
            "checkpoint.epochs_between_checkpoints=3");

    assertThat(IntStream.rangeClosed(1, 9).filter(schedule::afterEpoch)).containsExactly(2, 5, 8);
    assertThat(schedule.afterStep(1)).isFalse();
    assertThat(schedule.count(9, 10)).isEqualTo(3);
  }

  @Test
  void aDistanceOfNoStepsMeansNeverAndSoDoesEpochZero() {
    CheckpointSchedule never =
        schedule("workflow.checkpoint=true", "checkpoint.steps_between_checkpoints=0");
    CheckpointSchedule zero =
        schedule("workflow.checkpoint=true", "checkpoint.checkpoint_after_epoch=0");

    assertThat(never.count(5, 10)).isZero();
    assertThat(zero.count(5, 10)).isZero();
    assertThat(schedule().count(5, 10)).isZero();
  }
}
