/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import java.io.Serializable;

/**
 * What is recorded of a run beside its figures, and what is done between its passes so that they
 * can be believed.
 *
 * @param timeSeries whether the course of the run is recorded, second by second
 * @param accessLog whether every read is
 * @param logSteps whether {@code dlio.log} has a line for each step of each rank
 * @param dropCaches whether page caches are dropped before each pass
 */
public record Recording(boolean timeSeries, boolean accessLog, boolean logSteps, boolean dropCaches)
    implements Serializable {
  /** Nothing more than the figures. */
  public static final Recording NONE = new Recording(false, false, false, false);
}
