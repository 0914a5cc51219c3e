/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

import io.dlioflink.sink.metrics.BadFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** What the verifiers of one rank find. Thread-safe; bad files are kept until taken. */
final class VerifyTelemetry {
  private static final int SIGNIFICANT_DIGITS = 3;

  private List<BadFile> badFiles = new ArrayList<>();
  private Histogram fileLatency = new Histogram(SIGNIFICANT_DIGITS);
  private long compared;
  private long decoded;
  private long filesChecked;
  private long filesBad;

  /** What came since the last interval. */
  record Interval(long compared, long decoded, List<BadFile> badFiles, Histogram fileLatency) {}

  synchronized void checked(long nanos, boolean byComparison, Optional<BadFile> bad) {
    fileLatency.recordValue(Math.max(0, nanos));
    filesChecked++;
    if (bad.isPresent()) {
      filesBad++;
      badFiles.add(bad.get());
    } else if (byComparison) {
      compared++;
    } else {
      decoded++;
    }
  }

  synchronized Interval takeInterval() {
    Interval interval = new Interval(compared, decoded, badFiles, fileLatency);
    compared = 0;
    decoded = 0;
    badFiles = new ArrayList<>();
    fileLatency = new Histogram(SIGNIFICANT_DIGITS);
    return interval;
  }

  synchronized long filesChecked() {
    return filesChecked;
  }

  synchronized long filesBad() {
    return filesBad;
  }
}
