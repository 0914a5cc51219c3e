/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** A listing under way; fetches page after page as it is consumed. Not thread-safe. */
public interface StorageListing extends Closeable {
  /**
   * The next file, or empty at the end.
   *
   * @throws StorageException if the storage refuses or fails
   */
  Optional<StorageEntry> next() throws IOException;
}
