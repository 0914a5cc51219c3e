/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.barrier;

import java.io.IOException;
import javax.annotation.Nullable;

/** Another rank is gone: no further step can be made together. */
public final class BrokenStepBarrierException extends IOException {
  private static final long serialVersionUID = 1L;

  public BrokenStepBarrierException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
