/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.workload.CheckpointConfig;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.util.Locale;

/**
 * Tells of checkpoints to {@link DlioLog}, line for line as DLIO does ({@code main.py}, {@code
 * utils/statscounter.py}): those of rank 0, both lines when it has ended.
 */
final class CheckpointLog {
  private static final double NANOS_PER_SECOND = 1e9;

  private final DlioLog log;
  private final Workload workload;
  private final CheckpointBooks books;

  CheckpointLog(DlioLog log, Workload workload, CheckpointBooks books) {
    this.log = log;
    this.workload = workload;
    this.books = books;
  }

  void accept(CheckpointResult result) throws IOException {
    if (result.rank() != 0) {
      return;
    }
    boolean alone = !workload.workflow().train();
    CheckpointConfig config = workload.checkpoint();
    int rounds = result.save() ? config.numCheckpointsWrite() : config.numCheckpointsRead();
    String phase = "Checkpointing " + (result.save() ? "write" : "read");
    if (alone && result.number() == 1) {
      log.output(result.startMicros(), phase + " started");
    }
    String what =
        "%s checkpoint %d".formatted(result.save() ? "saving" : "loading", result.number());
    log.output(
        result.startMicros(),
        "Starting %s after total step %d for epoch %d"
            .formatted(what, alone ? result.step() : stepsTaken(result), result.epoch()));
    double seconds = result.durationNanos() / NANOS_PER_SECOND;
    log.output(
        result.endMicros(),
        String.format(
            Locale.ROOT,
            "Finished %s for epoch %d in %.4f s; Throughput: %.4f GB/s",
            what,
            result.epoch(),
            seconds,
            books.dlioGib() / seconds));
    if (alone && result.number() == rounds) {
      log.output(result.endMicros(), phase + " finished");
    }
  }

  /** A checkpoint at the end of an epoch bears the number of the step that would follow. */
  private long stepsTaken(CheckpointResult result) {
    return workload.checkpoint().stepsBetweenCheckpoints() < 0 ? result.step() - 1 : result.step();
  }
}
