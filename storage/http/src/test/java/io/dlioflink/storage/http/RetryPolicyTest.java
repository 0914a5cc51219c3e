/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dlioflink.storage.EndpointCounts;
import io.dlioflink.storage.RequestTelemetry;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RetryPolicyTest {
  private static final RetryPolicy QUICK =
      new RetryPolicy(4, Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofMinutes(1));

  private final RequestTelemetry telemetry = new RequestTelemetry();

  @Test
  void doublesTheBoundOfWaits() {
    RetryPolicy policy =
        new RetryPolicy(99, Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofMinutes(1));

    assertThat(policy.delayBoundNanos(1)).isEqualTo(100_000_000);
    assertThat(policy.delayBoundNanos(2)).isEqualTo(200_000_000);
    assertThat(policy.delayBoundNanos(4)).isEqualTo(800_000_000);
    assertThat(policy.delayBoundNanos(5)).isEqualTo(1_000_000_000);
    assertThat(policy.delayBoundNanos(98)).isEqualTo(1_000_000_000);
  }

  @Test
  void countsRepetitionsAndEnds() throws IOException {
    RetryPolicy.Attempts attempts = QUICK.begin(telemetry);

    assertThat(attempts.again("a:1", false, Optional.empty())).isTrue();
    assertThat(attempts.again("a:1", true, Optional.empty())).isTrue();
    assertThat(attempts.again("b:1", false, Optional.empty())).isTrue();
    assertThat(attempts.again("a:1", false, Optional.empty())).isFalse();
    assertThat(attempts.made()).isEqualTo(4);
    assertThat(telemetry.counts().get("a:1")).isEqualTo(new EndpointCounts(0, 2, 1, 0, 0, 0, 0));
    assertThat(telemetry.retries()).isEqualTo(3);
  }

  @Test
  void obeysRetryAfterWithinTheLongestDelay() throws IOException {
    long start = System.nanoTime();

    QUICK.begin(telemetry).again("a:1", true, Optional.of("3600"));

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(20), Duration.ofSeconds(10));
  }

  @Test
  void readsNoDatesAsRetryAfter() throws IOException {
    assertThat(
            QUICK.begin(telemetry).again("a:1", true, Optional.of("Wed, 21 Oct 2026 07:28:00 GMT")))
        .isTrue();
  }

  @Test
  void endsWithTheTime() throws IOException {
    RetryPolicy brief =
        new RetryPolicy(100, Duration.ofMillis(1), Duration.ofSeconds(60), Duration.ofSeconds(1));

    assertThat(brief.begin(telemetry).again("a:1", false, Optional.of("2"))).isFalse();
    assertThat(telemetry.retries()).isZero();
  }

  @Test
  void anInterruptEndsTheWait() {
    RetryPolicy slow =
        new RetryPolicy(2, Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(9));
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(ClosedByInterruptException.class)
        .isThrownBy(() -> slow.begin(telemetry).again("a:1", false, Optional.empty()));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void knowsWhatMayDoBetter() {
    assertThat(RetryPolicy.isRepeatable(503)).isTrue();
    assertThat(RetryPolicy.isRepeatable(500)).isTrue();
    assertThat(RetryPolicy.isRepeatable(429)).isTrue();
    assertThat(RetryPolicy.isRepeatable(404)).isFalse();
    assertThat(RetryPolicy.isRepeatable(403)).isFalse();
    assertThat(RetryPolicy.isThrottle(503)).isTrue();
    assertThat(RetryPolicy.isThrottle(500)).isFalse();
    for (HttpException.Failure failure : HttpException.Failure.values()) {
      boolean repeatable =
          switch (failure) {
            case UNTRUSTED, TOO_LONG, CLOSED -> false;
            case UNRESOLVED, UNREACHABLE, TIMED_OUT, LOST, TRUNCATED, MALFORMED -> true;
          };
      assertThat(RetryPolicy.isRepeatable(new HttpException(failure, "")))
          .as(failure.name())
          .isEqualTo(repeatable);
    }
    assertThat(RetryPolicy.isRepeatable(new IOException("else"))).isFalse();
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> QUICK.withMaxAttempts(0))
        .withMessage("maxAttempts must be 1 or more: 0");
  }
}
