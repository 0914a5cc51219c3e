/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.dataset;

import java.io.IOException;

/** A dataset is missing, incomplete or not what it should be; found before the run. */
public final class DatasetException extends IOException {
  private static final long serialVersionUID = 1L;

  public DatasetException(String message) {
    super(message);
  }

  public DatasetException(String message, Throwable cause) {
    super(message, cause);
  }
}
