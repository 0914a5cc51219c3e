/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.accelerator;

import java.time.Duration;

/**
 * How often a rank reports: each second, but of many ranks so much less often that the one sink
 * never hears more than a few hundred of them in a second.
 */
final class ReportInterval {
  private static final int RANKS_PER_SECOND = 500;

  private ReportInterval() {}

  /** Of each of so many ranks. */
  static Duration of(int ranks) {
    return Duration.ofSeconds(Math.max(1, (ranks + RANKS_PER_SECOND - 1) / RANKS_PER_SECOND));
  }
}
