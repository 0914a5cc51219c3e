/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.AhrensDieterMarsagliaTsangGammaSampler;
import org.apache.commons.rng.sampling.distribution.ContinuousUniformSampler;
import org.apache.commons.rng.sampling.distribution.PoissonSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Draws durations of a {@link TimeSpec}. Not thread-safe.
 *
 * <p>DLIO draws from an unseeded generator in every rank, so only the distributions are the same.
 */
public interface DurationSampler {

  /** The next duration in nanoseconds, 0 or more: negative draws count by their absolute value. */
  long nextNanos();

  /** A sampler; equal seeds give equal draws. */
  static DurationSampler of(TimeSpec spec, long seed) {
    if (spec instanceof TimeSpec.Constant constant) {
      long nanos = nanos(constant.meanSeconds());
      return () -> nanos;
    }
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    if (spec instanceof TimeSpec.Normal normal) {
      var standard = ZigguratSampler.NormalizedGaussian.of(random);
      return () -> nanos(normal.meanSeconds() + normal.stdevSeconds() * standard.sample());
    }
    if (spec instanceof TimeSpec.Uniform uniform) {
      var sampler = ContinuousUniformSampler.of(random, uniform.minSeconds(), uniform.maxSeconds());
      return () -> nanos(sampler.sample());
    }
    if (spec instanceof TimeSpec.Gamma gamma) {
      if (gamma.shape() == 0 || gamma.scaleSeconds() == 0) {
        return () -> 0;
      }
      var sampler =
          AhrensDieterMarsagliaTsangGammaSampler.of(random, gamma.shape(), gamma.scaleSeconds());
      return () -> nanos(sampler.sample());
    }
    if (spec instanceof TimeSpec.Exponential exponential) {
      var standard = ZigguratSampler.Exponential.of(random);
      return () -> nanos(exponential.scaleSeconds() * standard.sample());
    }
    TimeSpec.Poisson poisson = (TimeSpec.Poisson) spec;
    if (poisson.lambda() == 0) {
      return () -> 0;
    }
    var sampler = PoissonSampler.of(random, poisson.lambda());
    return () -> nanos(sampler.sample());
  }

  private static long nanos(double seconds) {
    return Math.round(Math.abs(seconds) * 1e9);
  }
}
