/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.sink.metrics.MetricsRecord;
import io.dlioflink.sink.metrics.StepBatch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepRecorderTest {
  @Test
  void stepsLeaveInRecordsOfBoundedSizeAndNoneIsLost() {
    List<MetricsRecord> records = new ArrayList<>();
    StepRecorder recorder = new StepRecorder(3, 1, 1, records::add);
    for (int i = 0; i < 600; i++) {
      recorder.add(i, 2L * i, 3L * i, 4L * i);
    }
    assertThat(records).hasSize(2);
    recorder.flush();
    recorder.flush();
    assertThat(records).hasSize(3);
    long expected = 0;
    for (MetricsRecord record : records) {
      StepBatch steps = (StepBatch) record;
      assertThat(steps.firstStep()).isEqualTo(expected);
      for (int i = 0; i < steps.size(); i++) {
        assertThat(steps.load()[i]).isEqualTo(expected);
        assertThat(steps.compute()[i]).isEqualTo(2 * expected);
        assertThat(steps.proc()[i]).isEqualTo(3 * expected);
        assertThat(steps.barrier()[i]).isEqualTo(4 * expected);
        expected++;
      }
    }
    assertThat(expected).isEqualTo(600);
  }

  @Test
  void aBlockWithoutStepsHasARecordToo() {
    List<MetricsRecord> records = new ArrayList<>();
    new StepRecorder(0, 2, 3, records::add).end();

    assertThat(records)
        .singleElement()
        .isInstanceOfSatisfying(
            StepBatch.class,
            batch -> {
              assertThat(batch.block()).isEqualTo(3);
              assertThat(batch.size()).isZero();
            });
  }
}
