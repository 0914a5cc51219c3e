/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.checkpoint;

import io.dlioflink.sink.checkpoint.CheckpointSpec;
import io.dlioflink.sink.checkpoint.FileTransfer;
import io.dlioflink.sink.checkpoint.RankCheckpoints;
import io.dlioflink.sink.checkpoint.ThreadEnd;
import io.dlioflink.sink.metrics.CheckpointResult;
import io.dlioflink.sink.metrics.MetricsRecord;
import io.dlioflink.sink.metrics.RequestInterval;
import io.dlioflink.sink.metrics.RequestMeter;
import io.dlioflink.sink.metrics.Traffic;
import io.dlioflink.sink.metrics.WallClock;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import javax.annotation.Nullable;

/**
 * Takes the checkpoints of one rank and tells of each. The stamps surround writing or reading
 * alone; what makes a checkpoint complete comes after them. For use by one thread.
 */
public final class RankSaver implements Closeable {
  private static final int STOP_SECONDS = 5;

  private final CheckpointSpec spec;
  private final int rank;
  private final Consumer<MetricsRecord> output;
  private final CheckpointFigures figures;
  private final List<FileTransfer> files = new ArrayList<>();
  private @Nullable RankCheckpoints checkpoints;
  private @Nullable RequestMeter requests;
  private @Nullable Saved unfinished;
  private @Nullable Thread finisher;
  private @Nullable FutureTask<Void> finishing;

  /** A barrier, or nothing, before the end stamp. */
  @FunctionalInterface
  public interface Meeting {
    /** Waits for the others. */
    void meet() throws IOException, InterruptedException;
  }

  /** A checkpoint of which all ranks' files are there when all ranks have met again. */
  private record Saved(int epoch, long step) {}

  public RankSaver(
      CheckpointSpec spec, int rank, Consumer<MetricsRecord> output, CheckpointFigures figures) {
    this.spec = spec;
    this.rank = rank;
    this.output = output;
    this.figures = figures;
  }

  RankCheckpoints checkpoints() throws IOException {
    if (checkpoints == null) {
      checkpoints = new RankCheckpoints(spec, rank);
      figures.measureAt(checkpoints);
      requests = new RequestMeter(rank, Traffic.CHECKPOINTS, checkpoints.requests());
    }
    return checkpoints;
  }

  /** Says that a checkpoint is about to be written; before the others are met. */
  public void prepare(int epoch, long step) throws IOException, InterruptedException {
    awaitFinisher();
    figures.roundBegins();
    checkpoints().prepare(epoch, step);
  }

  /**
   * Writes this rank's files.
   *
   * @param number of the checkpoint in its epoch
   * @param beforeEnd counts as part of it
   */
  public void save(int epoch, int number, long step, Meeting beforeEnd)
      throws IOException, InterruptedException {
    files.clear();
    long startMicros = WallClock.micros();
    long start = System.nanoTime();
    checkpoints().write(epoch, step, this::done);
    beforeEnd.meet();
    long duration = System.nanoTime() - start;
    long endMicros = WallClock.micros();
    checkpoints().publish(epoch, step);
    unfinished = new Saved(epoch, step);
    emit(epoch, number, step, true, startMicros, endMicros, duration, List.of());
  }

  /** Reads and checks the files that a rank wrote. */
  void load(int epoch, int number, long step, int ofRank, Meeting beforeEnd)
      throws IOException, InterruptedException {
    figures.roundBegins();
    files.clear();
    long startMicros = WallClock.micros();
    long start = System.nanoTime();
    List<String> notices = checkpoints().read(epoch, step, ofRank, this::done);
    beforeEnd.meet();
    long duration = System.nanoTime() - start;
    emit(epoch, number, step, false, startMicros, WallClock.micros(), duration, notices);
  }

  private void done(FileTransfer file) {
    files.add(file);
    figures.fileDone();
  }

  private void emit(
      int epoch,
      int number,
      long step,
      boolean save,
      long startMicros,
      long endMicros,
      long durationNanos,
      List<String> notices)
      throws IOException {
    output.accept(
        new CheckpointResult(
            rank,
            epoch,
            number,
            step,
            save,
            startMicros,
            endMicros,
            durationNanos,
            files,
            checkpoints().ioCounts(),
            notices));
    tellRequests();
  }

  private void tellRequests() {
    if (requests != null) {
      requests.take(RequestInterval.NO_PASS).ifPresent(output);
    }
  }

  /** Whether the last checkpoint still waits for all ranks to meet. */
  public boolean unfinished() {
    return unfinished != null;
  }

  /**
   * All ranks have met since the last checkpoint: rank 0 makes it complete, beside this thread,
   * which may be in the middle of training.
   */
  public void ranksHaveMet() throws IOException {
    Saved saved = unfinished;
    unfinished = null;
    if (saved == null || rank != 0) {
      return;
    }
    RankCheckpoints completed = checkpoints();
    finishing =
        new FutureTask<>(
            () -> {
              completed.complete(saved.epoch(), saved.step());
              return null;
            });
    finisher = new Thread(finishing, "checkpoint-finisher");
    finisher.setDaemon(true);
    finisher.start();
  }

  /** Waits until the last checkpoint of which all ranks have met is complete. */
  public void awaitFinisher() throws IOException, InterruptedException {
    if (finishing == null) {
      return;
    }
    try {
      finishing.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io
          ? io
          : new IOException(e.getCause().getMessage(), e.getCause());
    }
    finishing = null;
    tellRequests();
  }

  @Override
  public void close() throws IOException {
    if (finisher != null) {
      ThreadEnd.await(finisher, STOP_SECONDS);
    }
    if (checkpoints != null) {
      checkpoints.close();
    }
  }
}
