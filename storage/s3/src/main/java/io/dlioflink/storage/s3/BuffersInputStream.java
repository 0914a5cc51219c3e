/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What remains in several buffers, one after the other, without moving their positions. */
final class BuffersInputStream extends InputStream {
  private final Deque<ByteBuffer> buffers = new ArrayDeque<>();

  BuffersInputStream(List<ByteBuffer> buffers) {
    buffers.forEach(buffer -> this.buffers.add(buffer.duplicate()));
  }

  private boolean hasRemaining() {
    while (!buffers.isEmpty() && !buffers.getFirst().hasRemaining()) {
      buffers.removeFirst();
    }
    return !buffers.isEmpty();
  }

  @Override
  public int read() {
    return hasRemaining() ? buffers.getFirst().get() & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (!hasRemaining()) {
      return -1;
    }
    int read = Math.min(length, buffers.getFirst().remaining());
    buffers.getFirst().get(target, offset, read);
    return read;
  }

  @Override
  public int available() {
    return buffers.isEmpty() ? 0 : buffers.getFirst().remaining();
  }
}
