/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockWindowTest {
  private static final double NANOS = 1e9;

  private static BlockWindow fed(
      long nominalSteps, int a, int z, long[] compute, long[] proc, long duration) {
    BlockWindow window = new BlockWindow(nominalSteps, a, z);
    for (int i = 0; i < compute.length; i++) {
      window.add(compute[i], proc[i]);
    }
    assertThat(window.ended()).isFalse();
    window.end(duration);
    assertThat(window.ended()).isTrue();
    return window;
  }

  /** Reference section 7.3: total 4.6 s, AU 78.26 %, 6.957 samples/s. */
  @Test
  void theWorkedExampleComesOutAsItStands() {
    long[] compute = new long[10];
    long[] proc = new long[10];
    long duration = 0;
    for (int i = 0; i < 10; i++) {
      compute[i] = 400_000_000L;
      proc[i] = i == 0 ? 1_500_000_000L : 500_000_000L;
      duration += proc[i] + 10_000_000L;
    }

    BlockWindow window = fed(10, 1, 0, compute, proc, duration);

    assertThat(window.auPercent()).isCloseTo(100 * 3.6 / 4.6, within(1e-9));
    assertThat(window.auPercent()).isCloseTo(78.26, within(0.005));
    assertThat(window.throughput(4)).isCloseTo(6.957, within(0.0005));
    assertThat(window.windowThroughput(4)).isCloseTo(9 / 4.6 * 4, within(1e-9));
    assertThat(window.steps()).isEqualTo(10);
    assertThat(window.windowSteps()).isEqualTo(9);
  }

  @Test
  void randomBlocksAgreeWithTheFormulasOverLists() {
    Random random = new Random(7);
    for (int round = 0; round < 5000; round++) {
      int nominal = random.nextInt(12);
      int steps = random.nextInt(nominal + 1);
      int a = random.nextInt(5);
      int z = random.nextInt(5);
      int batch = 1 + random.nextInt(8);
      long[] compute = random.longs(steps, 0, 1_000_000_000L).toArray();
      long[] proc = new long[steps];
      long duration = 1;
      for (int i = 0; i < steps; i++) {
        proc[i] = compute[i] + random.nextInt(1_000_000);
        duration += proc[i] + random.nextInt(1000);
      }

      BlockWindow window = fed(nominal, a, z, compute, proc, duration);

      // Python's slices proc[0:a], compute[a:steps-z] and proc[steps-z:] of non-negative bounds.
      int tail = Math.min(steps, Math.max(0, nominal - z));
      double total = (duration - sum(proc, 0, Math.min(a, steps)) - sum(proc, tail, steps)) / NANOS;
      double busy = sum(compute, Math.min(a, steps), tail) / NANOS;
      String round7 = "nominal=%d steps=%d a=%d z=%d".formatted(nominal, steps, a, z);
      assertThat(window.auPercent())
          .as(round7)
          .isCloseTo(total <= 0 || busy == 0 ? 0 : 100 * busy / total, within(1e-6));
      assertThat(window.throughput(batch))
          .as(round7)
          .satisfies(
              value ->
                  assertThat(value)
                      .isCloseTo(
                          total <= 0 ? 0 : (steps - 2) / total * batch,
                          within(1e-9 * Math.max(1, Math.abs(value)))));
    }
  }

  private static long sum(long[] values, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += values[i];
    }
    return sum;
  }

  @Test
  void aBlockWithinTheExcludedStartHasNoUtilization() {
    BlockWindow window = fed(10, 4, 0, new long[] {5, 5}, new long[] {6, 6}, 13);

    assertThat(window.auPercent()).isZero();
    assertThat(window.windowSteps()).isZero();
    assertThat(window.throughput(1)).isZero();
  }

  @Test
  void aBlockOfOneStepKeepsTheNegativeThroughputOfDlio() {
    BlockWindow window =
        fed(1, 0, 0, new long[] {500_000_000L}, new long[] {1_000_000_000L}, 2_000_000_000L);

    assertThat(window.throughput(4)).isEqualTo(-2.0);
    assertThat(window.windowThroughput(4)).isEqualTo(2.0);
  }

  @Test
  void anEmptyBlockHasFiniteFigures() {
    BlockWindow window = fed(0, 1, 0, new long[0], new long[0], 0);

    assertThat(window.auPercent()).isZero();
    assertThat(window.throughput(4)).isZero();
    assertThat(window.windowThroughput(4)).isZero();
  }
}
