/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends threads on behalf of an owner that may itself have been interrupted. */
public final class ThreadEnd {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadEnd.class);

  private ThreadEnd() {}

  /**
   * Interrupts a thread and waits until it has ended, but no longer than a number of seconds. The
   * caller's own interrupt neither shortens the wait nor is lost. Logs a thread that did not end.
   */
  public static void await(Thread thread, int seconds) {
    thread.interrupt();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    boolean interrupted = false;
    while (thread.isAlive()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        LOG.warn("Thread {} goes on {} s after it was interrupted", thread.getName(), seconds);
        break;
      }
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
