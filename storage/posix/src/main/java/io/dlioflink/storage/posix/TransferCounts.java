/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import io.dlioflink.storage.IoCounts;
import java.util.concurrent.atomic.LongAdder;

/** Bytes moved by all readers and writers of one storage; cheap to add to from many threads. */
final class TransferCounts {
  private final LongAdder bufferedRead = new LongAdder();
  private final LongAdder directRead = new LongAdder();
  private final LongAdder bouncedRead = new LongAdder();
  private final LongAdder bufferedWritten = new LongAdder();
  private final LongAdder directWritten = new LongAdder();

  void addBufferedRead(long bytes) {
    bufferedRead.add(bytes);
  }

  void addDirectRead(long bytes) {
    directRead.add(bytes);
  }

  void addBouncedRead(long bytes) {
    bouncedRead.add(bytes);
  }

  void addBufferedWritten(long bytes) {
    bufferedWritten.add(bytes);
  }

  void addDirectWritten(long bytes) {
    directWritten.add(bytes);
  }

  IoCounts snapshot() {
    long direct = directRead.sum();
    long bounced = bouncedRead.sum();
    long written = directWritten.sum();
    return new IoCounts(
        bufferedRead.sum() + direct + bounced,
        direct,
        bounced,
        bufferedWritten.sum() + written,
        written,
        0);
  }
}
