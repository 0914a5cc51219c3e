/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that work off a queue and spend their time waiting for storage. They are interrupted and
 * joined at the end, with patience, since storage may hang.
 *
 * @param <T> a piece of work
 */
public final class IoWorkers<T> implements Closeable {
  /** How long {@link #close} waits for the threads unless told otherwise. */
  public static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(IoWorkers.class);

  /**
   * What one thread does; made and closed in its thread, so it may hold buffers.
   *
   * @param <T> a piece of work
   */
  public interface Worker<T> extends Closeable {
    /** Called before a piece is taken from the queue; may wait. */
    default void beforeTake() throws InterruptedException {}

    /** Does one piece of work. A failure ends the thread and is reported. */
    void work(T item) throws IOException, InterruptedException;

    @Override
    void close();
  }

  private final IntFunction<Worker<T>> workers;
  private final Consumer<Throwable> failed;
  private final Duration stopTimeout;
  private final BlockingQueue<T> queue = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  /**
   * Starts the threads.
   *
   * @param name of the threads, a number is added
   * @param workers makes the worker of a thread, by its number
   * @param failed hears of a failure, in the thread that failed; not after {@link #close}
   * @param stopTimeout how long {@link #close} waits
   */
  public IoWorkers(
      String name,
      int threadCount,
      IntFunction<Worker<T>> workers,
      Consumer<Throwable> failed,
      Duration stopTimeout) {
    this.workers = workers;
    this.failed = failed;
    this.stopTimeout = stopTimeout;
    for (int i = 0; i < threadCount; i++) {
      int number = i;
      Thread thread = new Thread(() -> run(number), name + "-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  /** Queues a piece of work; pieces are begun in this order. */
  public void submit(T item) {
    queue.add(item);
  }

  private void run(int number) {
    try (Worker<T> worker = workers.apply(number)) {
      while (!closed) {
        worker.beforeTake();
        worker.work(queue.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RejectedExecutionException e) {
      LOG.debug("Whoever waited for {} has ended before it", Thread.currentThread().getName(), e);
    } catch (Throwable e) {
      report(e);
    }
  }

  private void report(Throwable failure) {
    if (closed) {
      return;
    }
    try {
      failed.accept(failure);
    } catch (RejectedExecutionException e) {
      LOG.debug("Nobody is there any more to hear of a failure", failure);
    }
  }

  /** Interrupts the threads and waits for them; what is queued is dropped. */
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
