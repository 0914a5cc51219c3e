/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.io.Closeable;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that looks at the deadlines of all connections of a client, a few times a second while
 * there are any.
 */
final class Watchdog implements Closeable {
  private static final long MAX_TICK_NANOS = 250_000_000;
  private static final long MIN_TICK_NANOS = 5_000_000;

  private final Set<Deadline> watched = ConcurrentHashMap.newKeySet();
  private final Runnable everyTick;
  private final long tickNanos;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Starts the thread.
   *
   * @param shortest time-out there is
   * @param everyTick what else to do at that pace
   */
  Watchdog(Duration shortest, Runnable everyTick) {
    this.everyTick = everyTick;
    tickNanos = Math.max(MIN_TICK_NANOS, Math.min(MAX_TICK_NANOS, shortest.toNanos() / 8));
    thread = new Thread(this::run, "http-watchdog");
    thread.setDaemon(true);
    thread.start();
  }

  void watch(Deadline deadline) {
    boolean wasIdle = watched.isEmpty();
    watched.add(deadline);
    if (wasIdle) {
      LockSupport.unpark(thread);
    }
  }

  void forget(Deadline deadline) {
    watched.remove(deadline);
  }

  private void run() {
    while (!closed) {
      if (watched.isEmpty()) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, tickNanos);
      }
      long now = Deadline.now();
      watched.forEach(deadline -> deadline.check(now));
      everyTick.run();
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
