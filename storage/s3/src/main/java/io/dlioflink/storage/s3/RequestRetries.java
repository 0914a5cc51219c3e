/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.RequestTelemetry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Repeats requests that failed for a passing reason, the only place that does: each attempt goes to
 * the endpoint that is best then, waits get longer and are jittered. Safe for several threads.
 */
final class RequestRetries {
  static final Duration FIRST_WAIT = Duration.ofMillis(100);
  static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  private final Endpoints endpoints;
  private final RequestErrors errors;
  private final RequestTelemetry telemetry;
  private final int maxAttempts;
  private volatile boolean closed;

  RequestRetries(
      Endpoints endpoints, RequestErrors errors, RequestTelemetry telemetry, int maxAttempts) {
    this.endpoints = endpoints;
    this.errors = errors;
    this.telemetry = telemetry;
    this.maxAttempts = maxAttempts;
  }

  /**
   * A request that may be sent several times.
   *
   * @param <T> what it yields
   */
  interface Request<T> {
    /**
     * Sends it once.
     *
     * @param attempt its number, from 1
     */
    T send(Endpoint endpoint, int attempt) throws IOException;
  }

  /**
   * Sends a request until it succeeds or fails for good.
   *
   * @param tried for the message, e.g. {@code "Cannot read"}
   * @throws io.dlioflink.storage.StorageException what the last failure amounts to
   */
  <T> T run(Location location, String tried, Request<T> request) throws IOException {
    boolean clockCorrected = false;
    for (int attempt = 1; ; attempt++) {
      try {
        return sendOnce(request, attempt);
      } catch (RequestFailure e) {
        // Who signs has learned the server's time from its refusal.
        boolean corrects = e.isClockSkew() && !clockCorrected;
        if (attempt >= maxAttempts || !(e.isPassing() || corrects) || closed) {
          throw errors.sorted(e, location, tried, attempt);
        }
        telemetry.retried(e.endpoint().name(), e.isThrottle());
        if (corrects) {
          clockCorrected = true;
        } else {
          await(wait(attempt, e));
        }
      }
    }
  }

  private <T> T sendOnce(Request<T> request, int attempt) throws IOException {
    try (Endpoints.Use use = endpoints.take()) {
      try {
        T result = request.send(use.endpoint(), attempt);
        use.worked();
        return result;
      } catch (RequestFailure e) {
        if (e.isFaultOfEndpoint()) {
          use.failed();
        } else {
          use.worked();
        }
        throw e;
      }
    }
  }

  private static Duration wait(int attempt, RequestFailure failure) {
    long most = Math.min(LONGEST_WAIT.toNanos(), FIRST_WAIT.toNanos() << Math.min(attempt, 30));
    Duration wait = Duration.ofNanos(ThreadLocalRandom.current().nextLong(most / 2, most));
    Duration asked = failure.answer().retryAfter().orElse(Duration.ZERO);
    return asked.compareTo(wait) > 0
        ? asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked
        : wait;
  }

  private void await(Duration wait) throws InterruptedIOException {
    long until = System.nanoTime() + wait.toNanos();
    for (long left = wait.toNanos(); left > 0 && !closed; left = until - System.nanoTime()) {
      // In pieces, so that a closed storage does not keep its threads.
      LockSupport.parkNanos(this, Math.min(left, TimeUnit.MILLISECONDS.toNanos(200)));
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("Interrupted while waiting to repeat a request");
      }
    }
  }

  /** Ends the waits; nothing is repeated from now on. */
  void close() {
    closed = true;
  }
}
