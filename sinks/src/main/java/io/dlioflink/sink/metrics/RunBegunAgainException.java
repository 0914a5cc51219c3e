/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import java.io.IOException;

/** A run was started from its beginning a second time, which makes it no result. */
public final class RunBegunAgainException extends IOException {
  private static final long serialVersionUID = 1L;

  RunBegunAgainException(String message) {
    super(message);
  }
}
