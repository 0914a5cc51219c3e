/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that write the dataset files of one rank. */
final class FileWriteThreads implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(FileWriteThreads.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private final BlockingQueue<WriteRequest> queue = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Supplier<DatasetFileWriter> writers;
  private final Runnable completed;
  private final Consumer<Throwable> failed;
  private final Duration stopTimeout;
  private volatile boolean closed;

  FileWriteThreads(
      String name,
      int threadCount,
      Supplier<DatasetFileWriter> writers,
      Runnable completed,
      Consumer<Throwable> failed) {
    this(name, threadCount, writers, completed, failed, STOP_TIMEOUT);
  }

  FileWriteThreads(
      String name,
      int threadCount,
      Supplier<DatasetFileWriter> writers,
      Runnable completed,
      Consumer<Throwable> failed,
      Duration stopTimeout) {
    this.stopTimeout = stopTimeout;
    this.writers = writers;
    this.completed = completed;
    this.failed = failed;
    for (int i = 0; i < threadCount; i++) {
      Thread thread = new Thread(this::work, name + "-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  void submit(WriteRequest request) {
    queue.add(request);
  }

  private void work() {
    try (DatasetFileWriter writer = writers.get()) {
      while (!closed) {
        WriteRequest request = queue.take();
        for (long fileNumber : request.fileNumbers()) {
          writer.write(fileNumber, request.keepComplete());
        }
        completed.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RejectedExecutionException e) {
      LOG.debug("The task has ended before its write threads", e);
    } catch (Throwable e) {
      if (!closed) {
        failed.accept(e);
      }
    }
  }

  /** Interrupts the threads and waits for them for a few seconds; storage may hang. */
  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
    long deadline = System.nanoTime() + stopTimeout.toNanos();
    for (Thread thread : threads) {
      try {
        thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (thread.isAlive()) {
        LOG.warn("{} still waits for storage; it ends when the storage answers", thread.getName());
      }
    }
  }
}
