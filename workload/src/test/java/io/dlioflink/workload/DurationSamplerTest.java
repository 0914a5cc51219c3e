/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DurationSamplerTest {

  private static final int DRAWS = 200_000;

  @Test
  void aConstantIsExact() {
    DurationSampler sampler = DurationSampler.of(new TimeSpec.Constant(0.323), 7);
    assertThat(sampler.nextNanos()).isEqualTo(323_000_000);
    assertThat(sampler.nextNanos()).isEqualTo(323_000_000);
    assertThat(DurationSampler.of(TimeSpec.none(), 7).nextNanos()).isZero();
  }

  @Test
  void aNegativeConstantCountsByItsAbsoluteValue() {
    assertThat(DurationSampler.of(new TimeSpec.Constant(-1), 7).nextNanos())
        .isEqualTo(1_000_000_000);
  }

  @Test
  void normalDrawsHaveTheirMeanAndSpread() {
    check(new TimeSpec.Normal(0.5, 0.05), 0.5, 0.05);
  }

  @Test
  void negativeNormalDrawsAreMirrored() {
    // The folded normal distribution of mean 0: mean sqrt(2/pi), variance 1 - 2/pi.
    check(new TimeSpec.Normal(0, 1), Math.sqrt(2 / Math.PI), Math.sqrt(1 - 2 / Math.PI));
  }

  @Test
  void uniformDrawsStayInTheirRange() {
    check(new TimeSpec.Uniform(0.1, 0.3), 0.2, 0.2 / Math.sqrt(12));
    DurationSampler sampler = DurationSampler.of(new TimeSpec.Uniform(0.1, 0.3), 3);
    for (int i = 0; i < 1000; i++) {
      assertThat(sampler.nextNanos()).isBetween(100_000_000L, 300_000_000L);
    }
    assertThat(DurationSampler.of(new TimeSpec.Uniform(0.2, 0.2), 3).nextNanos())
        .isEqualTo(200_000_000);
  }

  @Test
  void gammaDrawsHaveTheirMeanAndSpread() {
    check(new TimeSpec.Gamma(2, 0.1), 0.2, Math.sqrt(2) * 0.1);
    check(new TimeSpec.Gamma(0.5, 0.1), 0.05, Math.sqrt(0.5) * 0.1);
    assertThat(DurationSampler.of(new TimeSpec.Gamma(0, 1), 3).nextNanos()).isZero();
    assertThat(DurationSampler.of(new TimeSpec.Gamma(1, 0), 3).nextNanos()).isZero();
  }

  @Test
  void exponentialDrawsHaveTheirMeanAndSpread() {
    check(new TimeSpec.Exponential(0.2), 0.2, 0.2);
    assertThat(DurationSampler.of(new TimeSpec.Exponential(0), 3).nextNanos()).isZero();
  }

  @Test
  void poissonDrawsAreWholeSeconds() {
    check(new TimeSpec.Poisson(3), 3, Math.sqrt(3));
    DurationSampler sampler = DurationSampler.of(new TimeSpec.Poisson(3), 3);
    for (int i = 0; i < 1000; i++) {
      assertThat(sampler.nextNanos() % 1_000_000_000).isZero();
    }
    assertThat(DurationSampler.of(new TimeSpec.Poisson(0), 3).nextNanos()).isZero();
  }

  @Test
  void equalSeedsGiveEqualDrawsAndOthersDoNot() {
    TimeSpec spec = new TimeSpec.Normal(1, 0.1);
    DurationSampler first = spec.sampler(5);
    DurationSampler second = spec.sampler(5);
    DurationSampler other = spec.sampler(6);
    int different = 0;
    for (int i = 0; i < 100; i++) {
      long draw = first.nextNanos();
      assertThat(second.nextNanos()).isEqualTo(draw);
      different += other.nextNanos() == draw ? 0 : 1;
    }
    assertThat(different).isGreaterThan(95);
  }

  private static void check(TimeSpec spec, double mean, double stdev) {
    DurationSampler sampler = DurationSampler.of(spec, 42);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) {
      double seconds = sampler.nextNanos() / 1e9;
      assertThat(seconds).isNotNegative();
      sum += seconds;
      squares += seconds * seconds;
    }
    double drawnMean = sum / DRAWS;
    double drawnStdev = Math.sqrt(squares / DRAWS - drawnMean * drawnMean);
    assertThat(drawnMean).isCloseTo(mean, within(5 * stdev / Math.sqrt(DRAWS)));
    assertThat(drawnStdev).isCloseTo(stdev, within(0.03 * stdev));
  }
}
