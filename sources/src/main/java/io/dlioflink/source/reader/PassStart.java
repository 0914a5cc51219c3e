/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

/**
 * A pass lies ahead. The reader holds its requests back until {@link #begin}: DLIO's workers start
 * to load when an epoch's iteration starts, not before.
 */
public final class PassStart implements ReaderSignal {
  private final int passIndex;
  private final Runnable gate;

  PassStart(int passIndex, Runnable gate) {
    this.passIndex = passIndex;
    this.gate = gate;
  }

  /** Running number of the pass. */
  public int passIndex() {
    return passIndex;
  }

  /** Lets the reader start. From any thread; later calls have no effect. */
  public void begin() {
    gate.run();
  }
}
