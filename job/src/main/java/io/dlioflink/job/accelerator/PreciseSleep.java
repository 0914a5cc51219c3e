/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.accelerator;

import java.util.concurrent.locks.LockSupport;

/**
 * Emulated compute: gives the processor away, as a training process that waits for its GPU does.
 */
final class PreciseSleep {
  private PreciseSleep() {}

  /** Sleeps for at least this long. */
  static void sleep(long nanos) throws InterruptedException {
    if (nanos <= 0) {
      return;
    }
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }
}
