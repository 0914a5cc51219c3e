/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.series;

import io.dlioflink.storage.StorageWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * A stream into a file of any storage, collected into a direct buffer. Closing it writes the rest;
 * the writer is left to the caller, to be committed or dropped.
 */
public final class WriterStream extends OutputStream {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final StorageWriter writer;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private long writtenBytes;

  /** A stream at the start of a file. */
  public WriterStream(StorageWriter writer) {
    this.writer = writer;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (!buffer.hasRemaining()) {
        drain();
      }
      int piece = Math.min(length - done, buffer.remaining());
      buffer.put(bytes, offset + done, piece);
      done += piece;
    }
    writtenBytes += length;
  }

  long writtenBytes() {
    return writtenBytes;
  }

  private void drain() throws IOException {
    writer.write(buffer.flip());
    buffer.clear();
  }

  @Override
  public void close() throws IOException {
    drain();
  }
}
