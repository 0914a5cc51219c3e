/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import io.dlioflink.storage.gcs.GcsSettings.Transfer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The threads that read the further ranges of large reads; those of all readers. */
final class RangeReads implements Closeable {
  private static final long IDLE_SECONDS = 30;

  /** Reads one range to its end. */
  interface RangeRead {
    /**
     * Fills the target.
     *
     * @param abandoned tells that the read as a whole has failed
     */
    void read(long position, ByteBuffer target, AtomicBoolean abandoned) throws IOException;
  }

  private final int rangeBytes;
  private final ExecutorService threads;

  RangeReads(Transfer transfer) {
    this.rangeBytes = transfer.rangeBytes();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            transfer.rangeConcurrency(),
            transfer.rangeConcurrency(),
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "dlio-flink-gs-range");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    this.threads = pool;
  }

  /** Whether a read of this many bytes is split. */
  boolean isSplit(int bytes) {
    return bytes > rangeBytes;
  }

  /** Fills all of a target, its first range in this thread. */
  void readFully(long position, ByteBuffer target, RangeRead range) throws IOException {
    AtomicBoolean abandoned = new AtomicBoolean();
    List<Future<?>> others = new ArrayList<>();
    for (int from = rangeBytes; from < target.limit(); from += rangeBytes) {
      long start = position + from;
      ByteBuffer part = target.slice(from, Math.min(rangeBytes, target.limit() - from));
      others.add(
          threads.submit(
              () -> {
                range.read(start, part, abandoned);
                return null;
              }));
    }
    IOException failure = null;
    try {
      range.read(position, target.slice(0, Math.min(rangeBytes, target.limit())), abandoned);
    } catch (IOException e) {
      abandoned.set(true);
      failure = e;
    }
    failure = awaited(others, abandoned, failure);
    if (failure != null) {
      throw failure;
    }
  }

  /** Waits for all, whatever happened: after that, nobody writes to the target any more. */
  private static IOException awaited(
      List<Future<?>> others, AtomicBoolean abandoned, IOException earlier) {
    IOException failure = earlier;
    boolean interrupted = false;
    for (Future<?> other : others) {
      for (boolean done = false; !done; ) {
        try {
          other.get();
          done = true;
        } catch (ExecutionException e) {
          done = true;
          abandoned.set(true);
          if (failure == null) {
            failure =
                e.getCause() instanceof IOException known
                    ? known
                    : new IOException("A range could not be read", e.getCause());
          }
        } catch (InterruptedException e) {
          interrupted = true;
          abandoned.set(true);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      return new InterruptedIOException("Interrupted while reading ranges");
    }
    return failure;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
