/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.storage.Location;
import java.io.IOException;

/** A dataset file may be legal, but uses a feature of its format that is not read here. */
public final class UnsupportedFileException extends IOException {
  private static final long serialVersionUID = 1L;

  public UnsupportedFileException(Location file, long offset, String feature) {
    super("Unsupported file %s at byte %d: %s".formatted(file, offset, feature));
  }
}
