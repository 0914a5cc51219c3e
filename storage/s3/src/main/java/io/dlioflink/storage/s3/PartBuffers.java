/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/**
 * Memory for parts, in direct buffers of one size that are used again and again. A writer may
 * always fill one part; what is on its way to the store beyond that is limited for all writers
 * together. So a writer only ever waits for the store, never for another writer to be closed. What
 * was needed at most is kept: memory that is new to the process costs more than a copy.
 */
final class PartBuffers {
  /** Size of a buffer. */
  static final int BUFFER_BYTES = 1024 * 1024;

  // The last one given is the first one taken: the processor's cache may still hold it.
  private final Deque<ByteBuffer> free = new ConcurrentLinkedDeque<>();
  private final int limit;
  private final Semaphore underWay;

  /** Memory for parts that are on their way. */
  PartBuffers(long limitBytes) {
    this.limit = Math.max(1, Math.toIntExact(limitBytes / BUFFER_BYTES));
    this.underWay = new Semaphore(limit, true);
  }

  /** An empty buffer. */
  ByteBuffer take() {
    ByteBuffer buffer = free.pollFirst();
    return buffer == null ? ByteBuffer.allocateDirect(BUFFER_BYTES) : buffer.clear();
  }

  /** Takes buffers back. */
  void give(Collection<ByteBuffer> buffers) {
    buffers.forEach(free::addFirst);
  }

  /** Waits until this many buffers may be sent. */
  void awaitSending(int buffers) throws InterruptedIOException {
    try {
      underWay.acquire(permits(buffers));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while waiting to send a part");
    }
  }

  /** These were sent. */
  void sent(int buffers) {
    underWay.release(permits(buffers));
  }

  // A part larger than all of the memory goes alone.
  private int permits(int buffers) {
    return Math.min(buffers, limit);
  }
}
