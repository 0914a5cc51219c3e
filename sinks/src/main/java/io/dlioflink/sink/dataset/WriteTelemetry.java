/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What the writers of one rank measure. Thread-safe; memory is constant. */
final class WriteTelemetry {
  private static final int SIGNIFICANT_DIGITS = 3;

  private final Recorder fileLatency = new Recorder(SIGNIFICANT_DIGITS);
  private final LongAdder filesWritten = new LongAdder();
  private final LongAdder filesPresent = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();
  private long reportedWritten;
  private long reportedPresent;
  private long reportedBytes;

  /** What came since the last interval. */
  record Interval(long filesWritten, long filesPresent, long bytesWritten, Histogram fileLatency) {}

  void written(long bytes, long nanos) {
    fileLatency.recordValue(Math.max(0, nanos));
    filesWritten.increment();
    bytesWritten.add(bytes);
  }

  void present() {
    filesPresent.increment();
  }

  long filesWritten() {
    return filesWritten.sum();
  }

  long filesPresent() {
    return filesPresent.sum();
  }

  /** Only from one thread. */
  Interval takeInterval() {
    long written = filesWritten.sum();
    long present = filesPresent.sum();
    long bytes = bytesWritten.sum();
    Interval interval =
        new Interval(
            written - reportedWritten,
            present - reportedPresent,
            bytes - reportedBytes,
            fileLatency.getIntervalHistogram());
    reportedWritten = written;
    reportedPresent = present;
    reportedBytes = bytes;
    return interval;
  }
}
