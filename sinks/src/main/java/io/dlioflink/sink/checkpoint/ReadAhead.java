/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import io.dlioflink.storage.StorageReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.annotation.Nullable;

/**
 * Reads one file after the other in a thread of its own, front to back, while the caller looks at
 * the bytes before. For use by one thread.
 */
final class ReadAhead implements Closeable {
  static final int BUFFER_BYTES = 4 << 20;

  private static final int BUFFERS = 4;
  private static final int PAGE_BYTES = 4096;
  private static final int STOP_SECONDS = 5;

  /** A buffer and what came of filling it: a count below its size is the end of the file. */
  private static final class Piece {
    final ByteBuffer buffer =
        ByteBuffer.allocateDirect(BUFFER_BYTES + PAGE_BYTES)
            .alignedSlice(PAGE_BYTES)
            .slice(0, BUFFER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);

    /** Null: storage has delivered. */
    @Nullable Throwable failure;

    boolean last;
  }

  private record Job(StorageReader reader) {}

  private final BlockingQueue<Piece> idle = new ArrayBlockingQueue<>(BUFFERS);
  private final BlockingQueue<Piece> full = new ArrayBlockingQueue<>(BUFFERS);
  private final BlockingQueue<Job> jobs = new ArrayBlockingQueue<>(1);
  private final Thread thread;
  private volatile long readNanos;
  private volatile boolean abandoned;
  private volatile boolean closed;
  private @Nullable Piece current;
  private boolean ended = true;

  ReadAhead(String name) {
    for (int i = 0; i < BUFFERS; i++) {
      idle.add(new Piece());
    }
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Starts a file at its first byte. */
  void open(StorageReader reader) throws IOException {
    if (closed) {
      throw new IllegalStateException("Reading has ended");
    }
    abandon();
    abandoned = false;
    readNanos = 0;
    ended = false;
    jobs.add(new Job(reader));
  }

  /** The next bytes, valid until the next call; null at the end. */
  @Nullable
  ByteBuffer next() throws IOException {
    if (current != null) {
      idle.add(current);
      current = null;
    }
    if (ended) {
      return null;
    }
    Piece piece = take(full);
    current = piece;
    ended = piece.last;
    if (piece.failure instanceof IOException io) {
      throw io;
    }
    if (piece.failure != null) {
      throw new IOException(piece.failure.toString(), piece.failure);
    }
    return piece.buffer;
  }

  /** Lets go of a file before its end; the reader is not used any more when this returns. */
  void abandon() throws IOException {
    abandoned = true;
    while (next() != null) {
      // Until the thread says that it has stopped.
    }
  }

  /**
   * The same for a file that failed.
   *
   * @param failure takes up what goes wrong on the way
   */
  void abandonAfter(Throwable failure) {
    try {
      abandon();
    } catch (IOException e) {
      failure.addSuppressed(e);
      close();
    }
  }

  /** Time storage took since the file was opened. */
  long readNanos() {
    return readNanos;
  }

  private static Piece take(BlockingQueue<Piece> queue) throws InterruptedIOException {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException().initCause(e);
    }
  }

  private void run() {
    try {
      while (!closed) {
        read(jobs.take().reader());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // Single writer.
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void read(StorageReader reader) throws InterruptedException {
    long position = 0;
    boolean last = false;
    while (!last) {
      Piece piece = idle.take();
      piece.buffer.clear();
      piece.failure = null;
      long start = System.nanoTime();
      try {
        if (!abandoned) {
          position += Math.max(0, reader.read(position, piece.buffer));
        }
      } catch (Throwable e) {
        // Errors too: the other thread waits for this piece.
        piece.failure = e;
      }
      readNanos += System.nanoTime() - start;
      last = piece.failure != null || piece.buffer.hasRemaining();
      piece.last = last;
      piece.buffer.flip();
      full.add(piece);
    }
  }

  /** Ends the thread. */
  @Override
  public void close() {
    closed = true;
    ThreadEnd.await(thread, STOP_SECONDS);
  }
}
