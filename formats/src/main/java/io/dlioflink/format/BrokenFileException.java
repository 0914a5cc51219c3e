/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.storage.Location;
import java.io.IOException;

/**
 * A dataset file is not what its format says; the message names file, offset, found and expected.
 */
public final class BrokenFileException extends IOException {
  private static final long serialVersionUID = 1L;

  public BrokenFileException(Location file, long offset, String problem) {
    super("Broken file %s at byte %d: %s".formatted(file, offset, problem));
  }
}
