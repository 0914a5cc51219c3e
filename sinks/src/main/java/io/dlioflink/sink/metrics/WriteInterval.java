/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.IoCounts;
import org.HdrHistogram.Histogram;

/**
 * What a dataset writer did since its last interval.
 *
 * @param rank which rank
 * @param host where it runs
 * @param filesWritten files written
 * @param filesPresent files found complete and left as they were
 * @param bytesWritten bytes of the files written
 * @param fileLatency time per file from first byte to final name, nanoseconds
 * @param startMicros start of this rank's work, wall clock
 * @param endMicros now
 * @param total bytes by I/O mode since the start of the run
 * @param last whether the rank has finished
 */
public record WriteInterval(
    int rank,
    String host,
    long filesWritten,
    long filesPresent,
    long bytesWritten,
    Histogram fileLatency,
    long startMicros,
    long endMicros,
    IoCounts total,
    boolean last)
    implements MetricsRecord {}
