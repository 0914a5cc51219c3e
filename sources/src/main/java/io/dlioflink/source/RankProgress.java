/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source;

import java.io.Serializable;

/**
 * How far a rank of a training run is, in whole passes: what its source tells Flink's checkpoints.
 * A live object that the operators of a rank share; it belongs to their task's thread, so that it
 * and what they have sent on agree in every checkpoint.
 */
public final class RankProgress implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int firstPass;
  private int passesEnded;

  /**
   * Of a rank that begins.
   *
   * @param firstPass running number of the pass it begins with; 0 unless the run is resumed
   */
  public RankProgress(int firstPass) {
    this.firstPass = firstPass;
    this.passesEnded = firstPass;
  }

  /** Running number of the pass this attempt began with. */
  public int firstPass() {
    return firstPass;
  }

  /** All passes before this number have ended. */
  public int passesEnded() {
    return passesEnded;
  }

  /** The result of a pass was sent on. */
  public void passEnded(int passIndex) {
    passesEnded = passIndex + 1;
  }
}
