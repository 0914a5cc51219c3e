/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportIntervalTest {

  @ParameterizedTest
  @CsvSource({"1, 1", "500, 1", "501, 2", "1000, 2", "10000, 20", "100000, 200"})
  void theSinkHearsOfAtMostFiveHundredRanksInASecond(int ranks, int seconds) {
    assertThat(ReportInterval.of(ranks)).isEqualTo(Duration.ofSeconds(seconds));
  }
}
