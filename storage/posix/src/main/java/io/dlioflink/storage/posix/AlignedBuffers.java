/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/** Aligned direct buffers, used again and again; keeps as many as were in use, up to a bound. */
final class AlignedBuffers {
  /** Size of each buffer; a file system with larger blocks gets one block. */
  static final int BUFFER_BYTES = 1024 * 1024;

  private static final int MAX_KEPT = 32;

  private final ArrayBlockingQueue<ByteBuffer> idle = new ArrayBlockingQueue<>(MAX_KEPT);

  /** An empty buffer whose first byte is aligned and whose capacity is a multiple of that. */
  ByteBuffer take(int alignmentBytes) {
    ByteBuffer buffer = idle.poll();
    if (buffer == null
        || buffer.capacity() % alignmentBytes != 0
        || buffer.alignmentOffset(0, alignmentBytes) != 0) {
      int capacity = Math.max(BUFFER_BYTES, alignmentBytes);
      buffer = ByteBuffer.allocateDirect(capacity + alignmentBytes).alignedSlice(alignmentBytes);
      buffer = buffer.slice(0, capacity);
    }
    return buffer.clear();
  }

  /** Gives a buffer back; the caller must not use it any more. */
  void give(ByteBuffer buffer) {
    // One too many is left to the garbage collector.
    boolean kept = idle.offer(buffer);
    assert kept || idle.remainingCapacity() == 0;
  }
}
