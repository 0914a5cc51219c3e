/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.TimeSpec;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tells the course of a training run to {@link DlioLog}, line for line as DLIO does ({@code
 * main.py}, {@code utils/statscounter.py}): what rank 0 sees, throughput times the number of ranks.
 */
final class TrainLog {
  private final DlioLog log;
  private final Workload workload;
  private final List<Pass> passes;
  private final int ranks;

  TrainLog(DlioLog log, Workload workload, List<Pass> passes, int ranks) {
    this.log = log;
    this.workload = workload;
    this.passes = passes;
    this.ranks = ranks;
  }

  void started(long micros) throws IOException {
    List<String> modes = new ArrayList<>(List.of("Training"));
    if (workload.workflow().evaluation()) {
      modes.add("Evaluation");
    }
    if (workload.workflow().checkpoint()) {
      modes.add("Checkpointing");
    }
    log.output(
        micros,
        "Running DLIO [%s] with %d process(es)".formatted(String.join(" & ", modes), ranks));
    StepPlan plan = StepPlan.of(workload, DatasetPart.TRAIN, ranks);
    log.output(micros, steps("Max steps per epoch", plan, "batch size"));
    long limit = workload.train().totalTrainingSteps();
    if (limit > 0) {
      long all = plan.availableSteps() * workload.train().epochs();
      log.output(
          micros,
          "Total training steps is set to be %d. Will only run up to %d"
              .formatted(limit, Math.min(all, limit)));
    }
    if (workload.workflow().evaluation()) {
      log.output(
          micros,
          steps(
              "Steps per eval",
              StepPlan.of(workload, DatasetPart.VALID, ranks),
              "batch size eval"));
    }
  }

  private static String steps(String what, StepPlan plan, String batch) {
    return "%s: %d = %d * %d / %d / %d (samples per file * num files / %s / comm size)"
        .formatted(
            what,
            plan.availableSteps(),
            plan.samplesPerFile(),
            plan.files(),
            plan.batchSize(),
            plan.ranks(),
            batch);
  }

  void begun(PassBegun begun) throws IOException {
    if (begun.rank() != 0) {
      return;
    }
    Pass pass = passes.get(begun.pass());
    if (pass.part() == DatasetPart.VALID) {
      log.output(
          begun.startMicros(), "Starting eval - %d steps expected".formatted(pass.plan().steps()));
      return;
    }
    boolean overridden = workload.train().totalTrainingSteps() > 0;
    log.output(
        begun.startMicros(),
        overridden
            ? "Starting epoch %d: Overriding number of steps to %d."
                .formatted(pass.epoch(), pass.plan().steps())
            : "Starting epoch %d: %d steps expected".formatted(pass.epoch(), pass.plan().steps()));
    log.output(begun.startMicros(), "Starting block 1");
  }

  void steps(StepBatch steps) throws IOException {
    if (!log.logsSteps()) {
      return;
    }
    Pass pass = passes.get(steps.pass());
    long now = WallClock.micros();
    for (int i = 0; i < steps.size(); i++) {
      String who = "Rank %d step %d".formatted(steps.rank(), steps.firstStep() + i + 1);
      int batch = pass.plan().batchSize();
      log.info(now, seconds("%s: loaded %d samples in %.4f s", who, batch, steps.load()[i]));
      log.info(now, seconds("%s processed %d samples in %.4fs)", who, batch, steps.proc()[i]));
    }
  }

  private static String seconds(String format, String who, int batch, long nanos) {
    return String.format(Locale.ROOT, format, who, batch, nanos / 1e9);
  }

  void blockEnded(BlockResult result, RankBooks.Block block) throws IOException {
    if (result.rank() != 0) {
      return;
    }
    Pass pass = passes.get(result.pass());
    boolean train = pass.part() == DatasetPart.TRAIN;
    long end = result.endMicros();
    if (result.block() > 1) {
      log.output(result.startMicros(), "Starting block " + result.block());
    }
    log.output(
        end,
        String.format(
            Locale.ROOT,
            "Ending %s - %d steps completed in %.2f s",
            train ? "block " + result.block() : "eval",
            block.window().steps(),
            result.durationNanos() / 1e9));
    String what =
        train
            ? "Epoch %d - Block %d [Training]".formatted(pass.epoch(), result.block())
            : "Epoch %d [Eval]".formatted(pass.epoch());
    log.output(
        end,
        String.format(
            Locale.ROOT,
            "%s Accelerator Utilization [AU] (%%): %.4f",
            what,
            block.window().auPercent()));
    log.output(
        end,
        String.format(
            Locale.ROOT,
            "%s Throughput (samples/second): %.4f",
            what,
            RankBooks.throughput(pass, block) * ranks));
    if (train) {
      log.output(
          end,
          String.format(
              Locale.ROOT,
              "%s Computation time per step (second): %.4f+/-%.4f (set value: %s)",
              what,
              block.window().computeMeanSeconds(),
              block.window().computeStdevSeconds(),
              setValue(workload.train().computationTime())));
    }
  }

  private static String setValue(TimeSpec time) {
    if (time instanceof TimeSpec.Constant constant) {
      return constant.meanSeconds() == 0
          ? "{}"
          : DlioLog.python(List.of("mean"), constant.meanSeconds());
    }
    if (time instanceof TimeSpec.Normal normal) {
      return DlioLog.python(List.of("mean", "stdev"), normal.meanSeconds(), normal.stdevSeconds());
    }
    return time.toString();
  }

  void passEnded(PassResult result) throws IOException {
    Pass pass = passes.get(result.pass());
    if (result.rank() == 0 && pass.part() == DatasetPart.TRAIN) {
      log.output(
          result.endMicros(),
          String.format(
              Locale.ROOT,
              "Ending epoch %d - %d steps completed in %.2f s",
              pass.epoch(),
              result.steps(),
              result.durationNanos() / 1e9));
    }
  }

  void concluded(List<String> metricBlock, String folder) throws IOException {
    long now = WallClock.micros();
    log.output(now, "Saved outputs in " + folder);
    log.block(metricBlock);
    log.output(now, "outputs saved in RANKID_output.json");
  }
}
