/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.util.concurrent.locks.LockSupport;

/** Emulated compute or preprocessing: gives the processor away, as waiting for a GPU does. */
public final class EmulatedWork {
  private EmulatedWork() {}

  /** Sleeps for at least this long; not at all for 0 or less. */
  public static void sleep(long nanos) throws InterruptedException {
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
