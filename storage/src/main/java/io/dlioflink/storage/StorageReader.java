/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One file opened for positional reads. Reads do not move a shared position. */
public interface StorageReader extends Closeable {

  /**
   * Reads up to {@code target.remaining()} bytes. May return fewer only at the end of the file.
   *
   * @param position offset in bytes, 0 or more
   * @param target filled from its position; a direct buffer, aligned to {@link
   *     Storage#bufferAlignmentBytes()} if the read shall not be copied
   * @return bytes read; -1 if the position is at or past the end and the target is not full already
   * @throws StorageException if the storage fails
   */
  int read(long position, ByteBuffer target) throws IOException;

  /** The size of the file in bytes. May cost a request. */
  long lengthBytes() throws IOException;

  /**
   * Fills the target.
   *
   * @throws EOFException if the file ends before
   */
  default void readFully(long position, ByteBuffer target) throws IOException {
    int wanted = target.remaining();
    while (target.hasRemaining()) {
      int done = wanted - target.remaining();
      if (read(position + done, target) < 0) {
        throw new EOFException(
            "End of file at byte %d while reading %d bytes at %d"
                .formatted(position + done, wanted, position));
      }
    }
  }
}
