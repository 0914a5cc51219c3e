/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import io.dlioflink.storage.StorageWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.annotation.Nullable;

/**
 * Writes one file after the other in a thread of its own, front to back, while the caller makes the
 * next bytes: storage need not wait for them to be made. They are made in buffers that the storage
 * lends, or else in ours; then all requests but the last of a file are whole aligned buffers. For
 * use by one thread.
 */
final class WriteBehind implements Closeable {
  static final int BUFFER_BYTES = 4 << 20;

  private static final int BUFFERS = 4;
  private static final int PAGE_BYTES = 4096;
  private static final int STOP_SECONDS = 5;

  private final List<ByteBuffer> own = new ArrayList<>();
  private final BlockingQueue<ByteBuffer> idle = new ArrayBlockingQueue<>(BUFFERS);
  private final BlockingQueue<ByteBuffer> full = new ArrayBlockingQueue<>(BUFFERS);
  private final Thread thread;

  // Set while no buffer is under way, and read behind a queue.
  private volatile @Nullable StorageWriter writer;
  private volatile @Nullable Throwable failure;
  private volatile long writeNanos;
  private volatile boolean closed;

  private @Nullable ByteBuffer current;
  private long handedOver;

  WriteBehind(String name) {
    for (int i = 0; i < BUFFERS; i++) {
      own.add(
          ByteBuffer.allocateDirect(BUFFER_BYTES + PAGE_BYTES)
              .alignedSlice(PAGE_BYTES)
              .slice(0, BUFFER_BYTES)
              .order(ByteOrder.LITTLE_ENDIAN));
    }
    idle.addAll(own);
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Starts a file. */
  void open(StorageWriter target) throws IOException {
    if (closed) {
      throw new IllegalStateException("Writing has ended");
    }
    drain();
    idle.clear();
    own.forEach(buffer -> idle.add(next(target, buffer)));
    writer = target;
    failure = null;
    writeNanos = 0;
    handedOver = 0;
  }

  private static ByteBuffer next(StorageWriter target, ByteBuffer instead) {
    return target.lend().map(lent -> lent.order(ByteOrder.LITTLE_ENDIAN)).orElse(instead);
  }

  /** Offset in the file of the next byte. */
  long position() {
    return handedOver + (current == null ? 0 : current.position());
  }

  /** Room for the next bytes, at least one, little-endian; the caller moves its position. */
  ByteBuffer room() throws IOException {
    if (current != null && !current.hasRemaining()) {
      handOver();
    }
    if (current == null) {
      current = take(idle).clear();
    }
    return current;
  }

  private void handOver() throws IOException {
    throwIfFailed();
    handedOver += current.position();
    full.add(current.flip());
    current = null;
  }

  /** Waits until all bytes of the file have been taken by storage. */
  void flush() throws IOException {
    if (current != null && current.position() > 0) {
      handOver();
    }
    drain();
    throwIfFailed();
  }

  /** All buffers come back, what they hold is written or, after a failure, dropped. */
  private void drain() throws IOException {
    int held = current == null ? 0 : 1;
    ByteBuffer[] back = new ByteBuffer[BUFFERS - held];
    for (int i = 0; i < back.length; i++) {
      back[i] = take(idle);
    }
    for (ByteBuffer buffer : back) {
      idle.add(buffer);
    }
    if (current != null) {
      idle.add(current);
      current = null;
    }
  }

  /**
   * Lets go of a file that failed; its writer is not used any more when this returns.
   *
   * @param failure takes up what goes wrong on the way
   */
  void abandonAfter(Throwable failure) {
    try {
      drain();
    } catch (IOException e) {
      failure.addSuppressed(e);
      close();
    }
  }

  private static ByteBuffer take(BlockingQueue<ByteBuffer> queue) throws InterruptedIOException {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException().initCause(e);
    }
  }

  private void throwIfFailed() throws IOException {
    Throwable why = failure;
    if (why instanceof IOException io) {
      throw io;
    }
    if (why != null) {
      throw new IOException(why.toString(), why);
    }
  }

  /** Time the target took since the file was opened. */
  long writeNanos() {
    return writeNanos;
  }

  // Single writer.
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void run() {
    try {
      while (!closed) {
        ByteBuffer buffer = full.take();
        StorageWriter target = writer;
        ByteBuffer next = buffer;
        long start = System.nanoTime();
        try {
          if (failure == null) {
            target.write(buffer);
            next = next(target, buffer);
          }
        } catch (Throwable e) {
          // Errors too: the other thread waits for a buffer. What it makes from now on is dropped,
          // but not in memory that the storage may have taken back.
          failure = e;
          next = own.get(0);
        }
        writeNanos += System.nanoTime() - start;
        idle.add(next);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the thread. */
  @Override
  public void close() {
    closed = true;
    ThreadEnd.await(thread, STOP_SECONDS);
  }
}
