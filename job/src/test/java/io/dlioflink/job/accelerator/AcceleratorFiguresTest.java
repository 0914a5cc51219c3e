/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.StepPlan;
import org.junit.jupiter.api.Test;

class AcceleratorFiguresTest {
  @Test
  void utilizationIsTheShareOfComputeInAllTime() {
    AcceleratorFigures figures = new AcceleratorFigures();
    assertThat(figures.auPercent()).isZero();
    figures.begin(new Pass(0, DatasetPart.TRAIN, 1, new StepPlan(8, 1, 2, 2, 0)));
    figures.step(10_000_000, 80_000_000, 100_000_000);
    figures.step(0, 90_000_000, 100_000_000);
    assertThat(figures.auPercent()).isEqualTo(85);
    assertThat(figures.waitMillis()).isEqualTo(10);
    assertThat(figures.step()).isEqualTo(2);
    figures.begin(new Pass(1, DatasetPart.TRAIN, 2, new StepPlan(8, 1, 2, 2, 0)));
    assertThat(figures.step()).isZero();
    assertThat(figures.stepsDone()).isEqualTo(2);
    assertThat(figures.epoch()).isEqualTo(2);
  }
}
