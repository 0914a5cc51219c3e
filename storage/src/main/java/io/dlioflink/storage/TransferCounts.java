/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.util.concurrent.atomic.LongAdder;

/**
 * Bytes of objects moved by all readers and writers of one storage, each counted once; cheap to add
 * to from many threads.
 */
public final class TransferCounts {
  private final LongAdder read = new LongAdder();
  private final LongAdder written = new LongAdder();

  /** Bytes that a reader handed out. */
  public void addRead(long bytes) {
    read.add(bytes);
  }

  /** Bytes that the storage has taken. */
  public void addWritten(long bytes) {
    written.add(bytes);
  }

  /** What was moved so far. */
  public IoCounts snapshot(long retries) {
    return new IoCounts(read.sum(), 0, 0, written.sum(), 0, retries);
  }
}
