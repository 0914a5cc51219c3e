/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import javax.annotation.Nullable;

/** The bytes of a file that is being read ahead, as a stream with a position. */
final class StoredStream extends InputStream {
  private final ReadAhead input;
  private @Nullable ByteBuffer current;
  private long position;
  private boolean failed;

  StoredStream(ReadAhead input) {
    this.input = input;
  }

  /** The bytes at hand, at least one; null at the end. */
  @Nullable
  ByteBuffer window() throws IOException {
    while (current == null || !current.hasRemaining()) {
      current = next();
      if (current == null) {
        return null;
      }
    }
    return current;
  }

  private @Nullable ByteBuffer next() throws IOException {
    try {
      return input.next();
    } catch (IOException e) {
      failed = true;
      throw e;
    }
  }

  /** Whether storage failed to deliver, which is not for a codec to explain. */
  boolean failed() {
    return failed;
  }

  /** Offset in the file of the next byte. */
  long position() {
    return position;
  }

  /** Takes bytes of the window. */
  interface Consumer {
    /** Consumes all of the piece. */
    void accept(ByteBuffer piece);
  }

  /** Passes the next bytes on. */
  void pass(long bytes, Consumer consumer) throws IOException {
    long left = bytes;
    while (left > 0) {
      ByteBuffer window = window();
      if (window == null) {
        throw new EOFException("the file ends at byte %d".formatted(position));
      }
      int piece = (int) Math.min(left, window.remaining());
      consumer.accept(window.slice(window.position(), piece).order(window.order()));
      window.position(window.position() + piece);
      position += piece;
      left -= piece;
    }
  }

  @Override
  public int read() throws IOException {
    ByteBuffer window = window();
    if (window == null) {
      return -1;
    }
    position++;
    return window.get() & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    ByteBuffer window = window();
    if (window == null) {
      return -1;
    }
    int piece = Math.min(count, window.remaining());
    window.get(bytes, from, piece);
    position += piece;
    return piece;
  }
}
