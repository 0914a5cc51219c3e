/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.util.concurrent.atomic.LongAdder;

/** Bytes of objects moved by all readers and writers of one storage, each counted once. */
final class TransferCounts {
  private final LongAdder read = new LongAdder();
  private final LongAdder written = new LongAdder();

  void addRead(long bytes) {
    read.add(bytes);
  }

  void addWritten(long bytes) {
    written.add(bytes);
  }

  long readBytes() {
    return read.sum();
  }

  long writtenBytes() {
    return written.sum();
  }
}
