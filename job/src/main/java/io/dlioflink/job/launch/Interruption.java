/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C: cancels the run and gives it a few seconds to leave its partial report. */
public final class Interruption implements Closeable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;

  /**
   * Arms the hook.
   *
   * @param cancel what to do at once; may block
   */
  public Interruption(Runnable cancel) {
    hook =
        new Thread(
            () -> {
              requested.countDown();
              cancel.run();
              awaitEnd();
            },
            "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void awaitEnd() {
    try {
      ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Blocks until Ctrl-C. */
  public void awaitRequest() throws InterruptedException {
    requested.await();
  }

  /** Whether Ctrl-C was pressed. */
  public boolean requested() {
    return requested.getCount() == 0;
  }

  /** Lets the process end; disarms the hook. */
  @Override
  public void close() {
    ended.countDown();
    if (!requested()) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
