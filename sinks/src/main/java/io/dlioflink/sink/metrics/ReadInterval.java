/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.IoCounts;
import org.HdrHistogram.Histogram;

/**
 * What a reader did since its last interval.
 *
 * @param rank which rank
 * @param storageLatency time in storage per sample, nanoseconds
 * @param decodeLatency time in decoding per sample, nanoseconds
 * @param total bytes by I/O mode since the start of the run
 */
public record ReadInterval(
    int rank, Histogram storageLatency, Histogram decodeLatency, IoCounts total)
    implements MetricsRecord {}
