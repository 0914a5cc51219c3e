/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import java.util.ArrayDeque;
import java.util.Deque;

/** Holds the first batches of a pass back until the accelerator begins it. Thread-safe. */
final class PassGate {
  private final SampleReadThreads threads;
  private final Deque<SampleReadThreads.Task> held = new ArrayDeque<>();
  private boolean open;

  PassGate(SampleReadThreads threads) {
    this.threads = threads;
  }

  synchronized void submit(SampleReadThreads.Task task) {
    if (open) {
      threads.submit(task);
    } else {
      held.add(task);
    }
  }

  synchronized void open() {
    open = true;
    held.forEach(threads::submit);
    held.clear();
  }
}
