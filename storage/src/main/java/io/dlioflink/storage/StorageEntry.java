/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

/**
 * A file that exists.
 *
 * @param location where
 * @param lengthBytes its size
 */
public record StorageEntry(Location location, long lengthBytes) {
  public StorageEntry {
    if (lengthBytes < 0) {
      throw new IllegalArgumentException("Negative length " + lengthBytes + " of " + location);
    }
  }
}
