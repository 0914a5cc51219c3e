/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlioflink.storage.IoCounts;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class StageLatenciesTest {
  private final StageLatencies latencies = new StageLatencies();

  private static ReadInterval read(int rank, int pass, long... openNanos) {
    Histogram histogram = new Histogram(3);
    for (long nanos : openNanos) {
      histogram.recordValue(nanos);
    }
    return new ReadInterval(rank, pass, Map.of(Stage.STORAGE_OPEN, histogram), IoCounts.ZERO);
  }

  private static StepBatch step(int pass, long load, long compute, long barrier) {
    return new StepBatch(
        0,
        pass,
        1,
        0,
        new long[] {load},
        new long[] {compute},
        new long[] {load + compute},
        new long[] {barrier});
  }

  @Test
  void ranksAreMergedAsHistogramsNotAveraged() {
    latencies.add(read(0, 0, 1_000, 1_000, 1_000));
    latencies.add(read(1, 0, 9_000_000));
    latencies.end(0);

    LatencySummary opens = latencies.run().get(Stage.STORAGE_OPEN);

    assertThat(opens.count()).isEqualTo(4);
    assertThat(opens.figures().get("p50_us")).isEqualTo(1.0);
    assertThat(opens.figures().get("max_us")).isCloseTo(9000, within(9.0));
  }

  @Test
  void aStepIsWaitComputeAndBarrier() {
    latencies.add(step(0, 2_000_000, 5_000_000, 1_000_000));

    assertThat(latencies.run().get(Stage.STEP).figures().get("max_us"))
        .isCloseTo(8000, within(8.0));
    assertThat(latencies.run().get(Stage.BATCH_WAIT).figures().get("mean_us"))
        .isCloseTo(2000, within(2.0));
  }

  @Test
  void aPassIsSummedUpWhenAllRanksHaveEndedIt() {
    latencies.add(step(0, 1_000, 1_000, 0));
    latencies.add(step(1, 5_000, 1_000, 0));
    assertThat(latencies.pass(0)).isEmpty();

    latencies.end(0);

    assertThat(latencies.pass(0).get(Stage.BATCH_WAIT).figures().get("max_us")).isEqualTo(1.0);
    assertThat(latencies.pass(1)).isEmpty();
    assertThat(latencies.run().get(Stage.BATCH_WAIT).count()).isEqualTo(2);
  }

  @Test
  void stagesOfTheNetworkAreShownOnlyWhereThereIsOne() {
    assertThat(latencies.run()).doesNotContainKeys(Stage.CONNECT, Stage.BODY);
    Histogram times = new Histogram(3);
    times.recordValue(1_000);

    latencies.add(
        new RequestInterval(
            0, Traffic.DATASET, 0, Map.of(Stage.REQUEST_FIRST_BYTE, times), Map.of()));
    latencies.end(0);

    assertThat(latencies.pass(0).get(Stage.REQUEST_FIRST_BYTE).count()).isEqualTo(1);
    assertThat(latencies.run()).containsKey(Stage.REQUEST_FIRST_BYTE).doesNotContainKey(Stage.BODY);
  }

  @Test
  void whatNeverHappenedHasACountAndNoTimes() {
    assertThat(latencies.run().get(Stage.DECODE)).isEqualTo(new LatencySummary(0, Map.of()));
  }
}
