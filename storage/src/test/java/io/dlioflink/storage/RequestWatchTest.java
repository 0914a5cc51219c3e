/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class RequestWatchTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final IOException closed = new IOException("Socket closed");
  private final CountDownLatch ended = new CountDownLatch(1);

  @Test
  void aRequestThatTakesTooLongIsEndedAndItsFailureSaysSo() throws InterruptedException {
    try (RequestWatch watch = new RequestWatch("watch", Duration.ofMillis(50));
        RequestWatch.Watched request = watch.begin(ended::countDown)) {
      ended.await();

      assertThat(request.cause(closed))
          .isInstanceOf(RequestWatch.ExpiredException.class)
          .hasMessage("Time-out after 50 ms for the whole request")
          .hasCause(closed);
    }
  }

  @Test
  void aRequestWhoseThreadIsInterruptedIsEnded() throws InterruptedException {
    AtomicReference<Throwable> cause = new AtomicReference<>();
    try (RequestWatch watch = new RequestWatch("watch", LONG)) {
      CountDownLatch begun = new CountDownLatch(1);
      Thread caller =
          new Thread(
              () -> {
                try (RequestWatch.Watched request = watch.begin(ended::countDown)) {
                  begun.countDown();
                  awaitUninterrupted(ended);
                  cause.set(request.cause(closed));
                }
              });
      caller.start();
      begun.await();
      caller.interrupt();
      caller.join();
    }
    assertThat(cause).hasValue(closed);
  }

  /** Spins, as a socket waits: an interrupt is only noted. */
  private static void awaitUninterrupted(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whatIsUnderWayWhenTheWatchIsClosedIsEnded() {
    RequestWatch watch = new RequestWatch("watch", LONG);
    RequestWatch.Watched request = watch.begin(ended::countDown);
    watch.close();

    assertThat(ended.getCount()).isZero();
    assertThat(request.cause(closed)).isSameAs(closed);
  }

  @Test
  void aRequestThatHasEndedIsLeftAlone() {
    RequestWatch watch = new RequestWatch("watch", LONG);
    watch.begin(ended::countDown).close();
    watch.close();

    assertThat(ended.getCount()).isOne();
  }
}
