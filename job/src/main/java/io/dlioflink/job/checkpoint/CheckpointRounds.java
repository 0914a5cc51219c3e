/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.checkpoint;

import io.dlioflink.sink.checkpoint.CheckpointSpec;
import io.dlioflink.sink.metrics.HostFacts;
import io.dlioflink.sink.metrics.MetricsRecord;
import io.dlioflink.sink.metrics.RankHello;
import io.dlioflink.source.RunStart;
import io.dlioflink.source.barrier.StepBarrier;
import io.dlioflink.workload.CheckpointConfig;
import io.dlioflink.workload.EmulatedWork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What one rank does if nothing is trained: writes checkpoints 1 to n, then reads 1 to m (DLIO
 * {@code main.py}, {@code _checkpoint}). Runs in a thread of its own.
 */
final class CheckpointRounds {
  private static final int EPOCH = 1;

  private final CheckpointSpec spec;
  private final CheckpointConfig config;
  private final RunStart start;
  private final Consumer<MetricsRecord> output;
  private final CheckpointFigures figures;

  CheckpointRounds(
      CheckpointSpec spec,
      RunStart start,
      Consumer<MetricsRecord> output,
      CheckpointFigures figures) {
    this.spec = spec;
    this.config = spec.workload().checkpoint();
    this.start = start;
    this.output = output;
    this.figures = figures;
  }

  /** Works through all rounds. */
  void work() throws IOException, InterruptedException {
    requireWholeNodes();
    output.accept(
        new RankHello(start.rank(), HostFacts.ofThisHost(), true, notices(), "none", "none"));
    try (StepBarrier barrier = StepBarrier.join(start.ticket());
        RankSaver saver = new RankSaver(spec, start.rank(), output, figures)) {
      for (int round = 1; round <= config.numCheckpointsWrite(); round++) {
        pause();
        saver.prepare(EPOCH, round);
        barrier.await();
        saver.save(EPOCH, round, round, beforeEnd(barrier));
        barrier.await();
        saver.ranksHaveMet();
        saver.awaitFinisher();
      }
      if (config.numCheckpointsRead() > 0) {
        read(barrier, saver);
      }
      barrier.leave();
    }
  }

  private void read(StepBarrier barrier, RankSaver saver) throws IOException, InterruptedException {
    // The one that completes checkpoints may still be at it.
    barrier.await();
    saver.checkpoints().requireCheckpoints(config.numCheckpointsRead());
    saver.checkpoints().prepareToRead();
    for (int round = 1; round <= config.numCheckpointsRead(); round++) {
      pause();
      barrier.await();
      saver.load(EPOCH, round, round, readFrom(), beforeEnd(barrier));
    }
  }

  private void pause() throws InterruptedException {
    EmulatedWork.sleep(Math.round(Math.abs(config.timeBetweenCheckpointsSeconds()) * 1e9));
  }

  private RankSaver.Meeting beforeEnd(StepBarrier barrier) {
    return config.rankSync() ? barrier::await : () -> {};
  }

  /** Nodes have equally many ranks, in the order of their numbers. */
  private void requireWholeNodes() throws IOException {
    if (shifts() && start.ranks() % ranksHere() != 0) {
      throw new IOException(
          "checkpoint.recovery_rank_shift needs equally many ranks in each JVM: %d of %d are in this"
                  .formatted(ranksHere(), start.ranks())
              + " one; run with a multiple of the task slots of a host");
    }
  }

  private int ranksHere() {
    return start.ticket().localParties();
  }

  private boolean shifts() {
    return config.recoveryRankShift() && ranksHere() < start.ranks();
  }

  /** The rank whose files are read; with a shift that of the next node. */
  private int readFrom() {
    return shifts() ? (start.rank() + ranksHere()) % start.ranks() : start.rank();
  }

  private List<String> notices() {
    List<String> notices = new ArrayList<>();
    if (config.recoveryRankShift() && !shifts() && config.numCheckpointsRead() > 0) {
      notices.add(
          "checkpoint.recovery_rank_shift: all ranks are on one node, so each reads its own files,"
              + " possibly from memory");
    }
    if (shifts() && config.numCheckpointsRead() > 0) {
      notices.add(
          "checkpoint.recovery_rank_shift: each rank reads what the rank %d further wrote; that is on another host if each JVM is on a host of its own and has %1$d ranks with consecutive numbers"
              .formatted(ranksHere()));
    }
    return notices;
  }
}
