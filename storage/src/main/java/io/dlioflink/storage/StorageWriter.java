/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One file being written, front to back. Under its name it appears complete and at once with {@link
 * #commit}, or never: closing without a commit, or the death of the process, leaves no file of that
 * name (or the old one, if it existed).
 */
public interface StorageWriter extends Closeable {

  /**
   * Lends memory to make the next bytes in: a storage that keeps bytes until they are sent need not
   * copy these. A buffer goes back with {@link #write}, or with {@link #close} if it never gets
   * that far; the caller does not touch it from then on.
   *
   * @return a direct buffer of the storage's size, to be filled from its start; nothing if any
   *     buffer will do
   */
  default Optional<ByteBuffer> lend() {
    return Optional.empty();
  }

  /**
   * Appends all remaining bytes.
   *
   * @param source a buffer of the caller's, who may use it again, or one that was lent
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
