/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends requests that take too long as a whole, and those whose thread is interrupted: for libraries
 * whose sockets know of neither. One thread looks at all of a storage, four times a second while
 * there are any. Safe for use by several threads.
 */
public final class RequestWatch implements Closeable {
  private static final long TICK_NANOS = 250_000_000;

  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
  private final Duration limit;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Watches nothing yet.
   *
   * @param limit for a request as a whole, bodies included
   */
  public RequestWatch(String name, Duration limit) {
    this.limit = limit;
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** A request took too long as a whole. */
  public static final class ExpiredException extends SocketTimeoutException {
    private static final long serialVersionUID = 1L;

    private ExpiredException(String message, IOException cause) {
      super(message);
      initCause(cause);
    }
  }

  /** A request of the thread that began to watch it; closed when its last byte is there. */
  public final class Watched implements Closeable {
    private final Thread caller = Thread.currentThread();
    private final long startNanos = System.nanoTime();
    private final Runnable end;
    private volatile boolean expired;

    private Watched(Runnable end) {
      this.end = end;
    }

    private void look(long nanos) {
      if (nanos - startNanos > limit.toNanos()) {
        expired = true;
      }
      // One that has just ended by itself is not to be disturbed.
      if ((expired || closed || caller.isInterrupted()) && watched.remove(this)) {
        end.run();
      }
    }

    /** What a failure of the request really was: the time-out, if that ended it. */
    public IOException cause(IOException failure) {
      if (!expired) {
        return failure;
      }
      return new ExpiredException(
          "Time-out after %d ms for the whole request".formatted(limit.toMillis()), failure);
    }

    /** The request has ended. */
    @Override
    public void close() {
      watched.remove(this);
    }
  }

  /**
   * Watches a request of this thread.
   *
   * @param end makes it fail, from another thread
   */
  public Watched begin(Runnable end) {
    Watched request = new Watched(end);
    boolean wasIdle = watched.isEmpty();
    watched.add(request);
    if (wasIdle) {
      LockSupport.unpark(thread);
    }
    return request;
  }

  private void run() {
    while (!closed) {
      if (watched.isEmpty()) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, TICK_NANOS);
      }
      long now = System.nanoTime();
      watched.forEach(request -> request.look(now));
    }
  }

  /** Ends all requests. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    long now = System.nanoTime();
    watched.forEach(request -> request.look(now));
  }
}
