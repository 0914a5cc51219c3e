/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;

/**
 * A duration that may be drawn anew on each use ({@code train.computation_time} and its kin).
 *
 * <p>Source: DLIO {@code utils/utility.py}, {@code sleep}: a negative draw counts by its absolute
 * value. All parameters are seconds.
 */
public sealed interface TimeSpec extends Serializable {

  /** No wait. */
  static TimeSpec none() {
    return new Constant(0);
  }

  /** The mean of the distribution before negative draws are mirrored, in seconds. */
  double meanSeconds();

  /** A source of draws; equal seeds give equal draws. Not thread-safe. */
  default DurationSampler sampler(long seed) {
    return DurationSampler.of(this, seed);
  }

  /** {@code x} or {@code {mean: x}}. */
  record Constant(double meanSeconds) implements TimeSpec {}

  /** {@code {mean, stdev}}, with or without {@code type: normal}. */
  record Normal(double meanSeconds, double stdevSeconds) implements TimeSpec {}

  /** {@code {type: uniform, min, max}}. */
  record Uniform(double minSeconds, double maxSeconds) implements TimeSpec {
    @Override
    public double meanSeconds() {
      return (minSeconds + maxSeconds) / 2;
    }
  }

  /** {@code {type: gamma, shape, scale}}. */
  record Gamma(double shape, double scaleSeconds) implements TimeSpec {
    @Override
    public double meanSeconds() {
      return shape * scaleSeconds;
    }
  }

  /** {@code {type: exponential, scale}}. */
  record Exponential(double scaleSeconds) implements TimeSpec {
    @Override
    public double meanSeconds() {
      return scaleSeconds;
    }
  }

  /** {@code {type: poisson, lam}}: whole seconds. */
  record Poisson(double lambda) implements TimeSpec {
    @Override
    public double meanSeconds() {
      return lambda;
    }
  }
}
