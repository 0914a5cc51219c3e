/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.barrier;

/**
 * What has passed through the {@link BarrierServer}, in both directions.
 *
 * @param frames messages of the protocol
 * @param bytes of them, without those of TCP and IP
 */
public record BarrierTraffic(long frames, long bytes) {
  /** Nothing: the ranks of one JVM need no server. */
  public static final BarrierTraffic NONE = new BarrierTraffic(0, 0);

  BarrierTraffic plus(int frameBytes) {
    return new BarrierTraffic(frames + 1, bytes + frameBytes);
  }

  BarrierTraffic plus(int more, int frameBytes) {
    return new BarrierTraffic(frames + more, bytes + (long) more * frameBytes);
  }
}
