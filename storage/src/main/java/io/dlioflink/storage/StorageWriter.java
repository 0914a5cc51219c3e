/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One file being written, front to back. Under its name it appears complete and at once with {@link
 * #commit}, or never: closing without a commit, or the death of the process, leaves no file of that
 * name (or the old one, if it existed).
 */
public interface StorageWriter extends Closeable {

  /**
   * Appends all remaining bytes.
   *
   * @throws StorageException if the storage refuses or fails; the file can only be closed then
   */
  void write(ByteBuffer source) throws IOException;

  /** Forces what was written so far to stable storage, if the storage knows the difference. */
  void sync() throws IOException;

  /** Gives the file its name. No write may follow. */
  void commit() throws IOException;

  /** Ends the write; drops it unless committed. May be called more than once. */
  @Override
  void close() throws IOException;
}
