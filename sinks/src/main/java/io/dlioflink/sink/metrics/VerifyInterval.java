/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.IoCounts;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What a verifier did since its last interval.
 *
 * @param rank which rank
 * @param host where it runs
 * @param comparedFiles good files that are, byte for byte, what was generated
 * @param decodedFiles good files of which structure and checksums were checked
 * @param badFiles files that are not what they should be
 * @param fileLatency time per file, nanoseconds
 * @param startMicros start of this rank's work, wall clock
 * @param endMicros now
 * @param total bytes by I/O mode since the start of the run
 * @param notices what the reader of the results should know
 */
public record VerifyInterval(
    int rank,
    String host,
    long comparedFiles,
    long decodedFiles,
    List<BadFile> badFiles,
    Histogram fileLatency,
    long startMicros,
    long endMicros,
    IoCounts total,
    List<String> notices)
    implements MetricsRecord {
  public VerifyInterval {
    badFiles = List.copyOf(badFiles);
    notices = List.copyOf(notices);
  }
}
