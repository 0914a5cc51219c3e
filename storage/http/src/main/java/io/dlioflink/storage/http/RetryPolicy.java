/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import io.dlioflink.storage.RequestTelemetry;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * How often and when a request is repeated: exponential back-off with full jitter, a random wait
 * between 0 and a bound that doubles.
 *
 * @param maxAttempts the first included; 1 never repeats
 * @param firstDelay bound of the first wait
 * @param maxDelay bound of any wait, and the longest Retry-After that is obeyed
 * @param timeLimit no attempt begins later than this after the first began
 */
public record RetryPolicy(
    int maxAttempts, Duration firstDelay, Duration maxDelay, Duration timeLimit) {

  /** 10 attempts within 2 minutes, waits of up to 100 ms, 200 ms and so on to 10 s. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(10, Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofMinutes(2));

  private static final int MAX_DOUBLINGS = 30;

  public RetryPolicy {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts must be 1 or more: " + maxAttempts);
    }
    if (firstDelay.isNegative() || maxDelay.compareTo(firstDelay) < 0 || timeLimit.isNegative()) {
      throw new IllegalArgumentException(
          "Delays must be 0 or more, the longest not below the first: %s, %s, limit %s"
              .formatted(firstDelay, maxDelay, timeLimit));
    }
  }

  /** These with another number of attempts. */
  public RetryPolicy withMaxAttempts(int attempts) {
    return new RetryPolicy(attempts, firstDelay, maxDelay, timeLimit);
  }

  /** Whether a status says that another attempt may do better. */
  public static boolean isRepeatable(int status) {
    return switch (status) {
      case 408, 429, 500, 502, 503, 504, 509 -> true;
      default -> false;
    };
  }

  /** Whether a status says that the server wants fewer requests. */
  public static boolean isThrottle(int status) {
    return status == 429 || status == 503 || status == 509;
  }

  /** Whether a failure says that another attempt may do better. */
  public static boolean isRepeatable(IOException failure) {
    return failure instanceof HttpException http && http.failure().isRepeatable();
  }

  /** The bound of a wait in nanoseconds, by the number of attempts made, from 1 up. */
  long delayBoundNanos(int attemptsMade) {
    int doublings = Math.min(attemptsMade - 1, MAX_DOUBLINGS);
    long first = firstDelay.toNanos();
    long max = maxDelay.toNanos();
    return first > max >> doublings ? max : first << doublings;
  }

  /** Begins to count the attempts of one operation. */
  public Attempts begin(RequestTelemetry telemetry) {
    return new Attempts(this, telemetry);
  }

  /** The attempts of one operation; by one thread. */
  public static final class Attempts {
    private final RetryPolicy policy;
    private final RequestTelemetry telemetry;
    private final long startedAt = System.nanoTime();
    private int made = 1;

    private Attempts(RetryPolicy policy, RequestTelemetry telemetry) {
      this.policy = policy;
      this.telemetry = telemetry;
    }

    /** Attempts made or under way. */
    public int made() {
      return made;
    }

    /**
     * Waits before another attempt, if there may be one, and counts it.
     *
     * @param endpoint {@code host:port} that failed
     * @param throttled whether the server asked to slow down
     * @param retryAfter the answer's header of that name, if there was one; dates are not read
     * @return whether there may be another attempt
     * @throws ClosedByInterruptException if the thread is interrupted; it stays so
     */
    public boolean again(String endpoint, boolean throttled, Optional<String> retryAfter)
        throws ClosedByInterruptException {
      if (made >= policy.maxAttempts) {
        return false;
      }
      long bound = policy.delayBoundNanos(made);
      long wait = bound == 0 ? 0 : ThreadLocalRandom.current().nextLong(bound + 1);
      long told = retryAfter.map(Attempts::parseSeconds).orElse(Duration.ZERO).toNanos();
      wait = Math.max(wait, Math.min(told, policy.maxDelay.toNanos()));
      long end = System.nanoTime() + wait;
      if (end - startedAt > policy.timeLimit.toNanos()) {
        return false;
      }
      made++;
      telemetry.retried(endpoint, throttled);
      waitUntil(end);
      return true;
    }

    private static Duration parseSeconds(String text) {
      boolean isSeconds =
          !text.isEmpty() && text.length() < 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
      return isSeconds ? Duration.ofSeconds(Long.parseLong(text)) : Duration.ZERO;
    }

    private static void waitUntil(long end) throws ClosedByInterruptException {
      while (true) {
        if (Thread.currentThread().isInterrupted()) {
          throw new ClosedByInterruptException();
        }
        long left = end - System.nanoTime();
        if (left <= 0) {
          return;
        }
        LockSupport.parkNanos(left);
      }
    }
  }
}
