/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import java.io.IOException;

/** A checkpoint is missing, incomplete or another one than asked for; the message says which. */
public final class CheckpointException extends IOException {
  private static final long serialVersionUID = 1L;

  public CheckpointException(String message) {
    super(message);
  }

  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
