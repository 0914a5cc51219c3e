/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import io.dlioflink.storage.StorageException.Reason;

/** How far a {@link StorageWriter} has come, and so what may be done with it. For one thread. */
public final class WriteState {
  private enum Stage {
    WRITING,
    FAILED,
    COMMITTED,
    CLOSED
  }

  private final Location location;
  private Stage stage = Stage.WRITING;

  /** The writer of this file has been opened. */
  public WriteState(Location location) {
    this.location = location;
  }

  /**
   * Makes sure that bytes may follow, or the commit.
   *
   * @throws StorageException if an earlier write failed
   * @throws IllegalStateException if the writer is committed or closed
   */
  public void requireWriting() throws StorageException {
    switch (stage) {
      case WRITING -> {}
      case FAILED ->
          throw new StorageException(
              Reason.UNAVAILABLE, location, "An earlier write failed, the file can only be closed");
      case COMMITTED, CLOSED ->
          throw new IllegalStateException(
              "The writer is %s: %s"
                  .formatted(stage == Stage.COMMITTED ? "committed" : "closed", location));
    }
  }

  /** A write failed. */
  public void failed() {
    stage = Stage.FAILED;
  }

  /** The file is there. */
  public void committed() {
    stage = Stage.COMMITTED;
  }

  /** Closes it; whether there is something to be dropped. */
  public boolean closesUncommitted() {
    boolean uncommitted = stage == Stage.WRITING || stage == Stage.FAILED;
    stage = Stage.CLOSED;
    return uncommitted;
  }
}
