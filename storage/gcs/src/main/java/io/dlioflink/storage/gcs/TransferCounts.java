/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import io.dlioflink.storage.IoCounts;
import java.util.concurrent.atomic.LongAdder;

/** Bytes moved by all readers and writers of one storage; cheap to add to from many threads. */
final class TransferCounts {
  private final LongAdder read = new LongAdder();
  private final LongAdder written = new LongAdder();

  void addRead(long bytes) {
    read.add(bytes);
  }

  void addWritten(long bytes) {
    written.add(bytes);
  }

  IoCounts snapshot(long retries) {
    return new IoCounts(read.sum(), 0, 0, written.sum(), 0, retries);
  }
}
