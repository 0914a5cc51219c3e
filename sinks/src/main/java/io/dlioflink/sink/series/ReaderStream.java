/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.series;

import io.dlioflink.storage.StorageReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A stream out of a file of any storage, through a direct buffer. Closing it closes the file. */
public final class ReaderStream extends InputStream {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final StorageReader reader;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
  private long position;

  /** A stream from the start of a file. */
  public ReaderStream(StorageReader reader) {
    this.reader = reader;
  }

  @Override
  public int read() throws IOException {
    return fill() ? buffer.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int piece = Math.min(length, buffer.remaining());
    buffer.get(bytes, offset, piece);
    return piece;
  }

  /** Whether there is a byte left. */
  private boolean fill() throws IOException {
    if (buffer.hasRemaining()) {
      return true;
    }
    int read = reader.read(position, buffer.clear());
    buffer.flip();
    position += Math.max(0, read);
    return buffer.hasRemaining();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
