/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * Until when one connection's thread wants its next blocking call to be done. The thread sets it,
 * the {@link Watchdog} looks at it and closes the channel of an expired one, which ends the call:
 * so a call costs no more than a blocking one, and still cannot hang.
 */
final class Deadline {
  /** What is under way. */
  enum Stage {
    CONNECT("to connect"),
    TLS("for the TLS handshake"),
    WRITE("to send"),
    FIRST_BYTE("for the first byte of the answer"),
    BODY("for more of the answer"),
    REQUEST("for the whole request");

    private final String purpose;

    Stage(String purpose) {
      this.purpose = purpose;
    }
  }

  private static final long NEVER = Long.MAX_VALUE;
  private static final long EXPIRED = Long.MIN_VALUE;
  private static final long ORIGIN = System.nanoTime();
  private static final VarHandle AT;

  static {
    try {
      AT = MethodHandles.lookup().findVarHandle(Deadline.class, "at", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Runnable close;
  private volatile long at = NEVER;

  // Of the connection's thread alone.
  private long set = NEVER;
  private Stage stage = Stage.CONNECT;
  private long limitNanos;
  private long requestEnd = NEVER;
  private long requestNanos;

  /**
   * A deadline not set.
   *
   * @param close ends the call under way, from another thread
   */
  Deadline(Runnable close) {
    this.close = close;
  }

  /** The clock of deadlines, nanoseconds from 0 up. */
  static long now() {
    return System.nanoTime() - ORIGIN;
  }

  /** Begins a request, which has to end by a time. */
  void begin(long end, Duration request) {
    requestEnd = end;
    requestNanos = request.toNanos();
  }

  /**
   * Sets it for the next call.
   *
   * @throws HttpException if it expired before
   */
  void set(Stage next, long now, long nanos) throws HttpException {
    stage = next;
    limitNanos = nanos;
    long end = now + nanos;
    if (end > requestEnd) {
      end = requestEnd;
      stage = Stage.REQUEST;
      limitNanos = requestNanos;
    }
    move(end);
  }

  /** No call is under way. */
  void clear() throws HttpException {
    move(NEVER);
  }

  private void move(long to) throws HttpException {
    if (!AT.compareAndSet(this, set, to)) {
      throw expired();
    }
    set = to;
  }

  boolean isExpired() {
    return at == EXPIRED;
  }

  HttpException expired() {
    return new HttpException(
        HttpException.Failure.TIMED_OUT,
        "Time-out after %d ms %s".formatted(limitNanos / 1_000_000, stage.purpose));
  }

  /** Ends the call under way if its time is over; by the watchdog. */
  void check(long now) {
    long seen = at;
    if (seen != EXPIRED && seen <= now && AT.compareAndSet(this, seen, EXPIRED)) {
      close.run();
    }
  }
}
