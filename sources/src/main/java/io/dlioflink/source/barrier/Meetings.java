/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.barrier;

/**
 * How a rank met the others so far.
 *
 * @param count how often
 * @param last of these, how often it was the last one of all ranks to arrive
 * @param heldUpNanos time that the others waited for it alone: from the arrival of the last but one
 *     to its own
 * @param server what has passed through the server of the run for all ranks together
 */
public record Meetings(long count, long last, long heldUpNanos, BarrierTraffic server) {
  /** None yet. */
  public static final Meetings NONE = new Meetings(0, 0, 0, BarrierTraffic.NONE);
}
