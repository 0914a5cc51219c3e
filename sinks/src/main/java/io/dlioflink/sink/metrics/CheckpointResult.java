/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.sink.checkpoint.FileTransfer;
import io.dlioflink.storage.IoCounts;
import java.util.List;

/**
 * A rank has written or read its part of a checkpoint.
 *
 * @param rank which rank
 * @param epoch epoch it belongs to; 1 if nothing is trained
 * @param number running number: block of the epoch, or round if nothing is trained; from 1
 * @param step step in its name
 * @param save written; else read
 * @param startMicros wall clock, microseconds since 1970
 * @param endMicros wall clock
 * @param durationNanos by the monotonic clock
 * @param files its files, in order
 * @param total bytes by I/O mode since the start of the run
 * @param notices what the user should know
 */
public record CheckpointResult(
    int rank,
    int epoch,
    int number,
    long step,
    boolean save,
    long startMicros,
    long endMicros,
    long durationNanos,
    List<FileTransfer> files,
    IoCounts total,
    List<String> notices)
    implements MetricsRecord {
  public CheckpointResult {
    files = List.copyOf(files);
    notices = List.copyOf(notices);
  }
}
