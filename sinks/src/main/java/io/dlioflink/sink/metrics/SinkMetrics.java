/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

/** Metrics of the sink, gauges below the scope of its operator {@code Metrics sink}. */
public final class SinkMetrics {
  /** Steps of all ranks (training) or files (generation) so far. */
  public static final String STEPS = "steps";

  /** AU over the blocks that have ended, percent. */
  public static final String AU = "auPercent";

  /** Epoch under way. */
  public static final String EPOCH = "epochUnderWay";

  private SinkMetrics() {}
}
