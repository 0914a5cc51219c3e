/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import io.dlioflink.job.accelerator.AcceleratorMetrics;
import io.dlioflink.job.checkpoint.CheckpointMetrics;
import io.dlioflink.job.graph.JobFacts;
import io.dlioflink.sink.dataset.VerifierMetrics;
import io.dlioflink.sink.dataset.WriterMetrics;
import io.dlioflink.sink.metrics.Sizes;
import io.dlioflink.source.reader.ReaderMetrics;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The live line of a phase: rewritten in place on a terminal, a plain line now and then elsewhere.
 */
final class Progress {
  private static final int PLAIN_EVERY = 10;
  private static final int PLAIN_FIRST = 3;
  private static final List<String> NAMES =
      List.of(
          AcceleratorMetrics.STEPS_DONE,
          AcceleratorMetrics.EPOCH,
          AcceleratorMetrics.STEP,
          AcceleratorMetrics.AU,
          ReaderMetrics.SAMPLES,
          ReaderMetrics.STORAGE_BYTES,
          WriterMetrics.FILES_WRITTEN,
          WriterMetrics.FILES_PRESENT,
          WriterMetrics.BYTES_WRITTEN,
          VerifierMetrics.FILES_CHECKED,
          VerifierMetrics.FILES_BAD,
          VerifierMetrics.BYTES_CHECKED,
          CheckpointMetrics.ROUND,
          CheckpointMetrics.FILES,
          CheckpointMetrics.WRITTEN_BYTES,
          CheckpointMetrics.READ_BYTES);

  private final PrintWriter out;
  private final boolean terminal;
  private final LiveFigures figures;
  private final JobFacts facts;
  private long lastNanos = System.nanoTime();
  private boolean looked;
  private boolean again;
  private long firstNanos;
  private double firstDone;
  private double lastBytes;
  private double lastSamples;
  private int quietUpdates;
  private int width;

  Progress(PrintWriter out, boolean terminal, LiveFigures figures, JobFacts facts) {
    this.out = out;
    this.terminal = terminal;
    this.figures = figures;
    this.facts = facts;
  }

  /** Reads the figures and shows them. */
  void update() throws InterruptedException {
    if (quietUpdates > 1) {
      // Rates are those between two lines that are seen.
      quietUpdates--;
      return;
    }
    Map<String, LiveFigures.Value> values;
    try {
      values = figures.read(NAMES);
      if (quietUpdates == 1) {
        // What Flink answers was fetched when it was asked before: by now, that is a second ago.
        quietUpdates = 0;
        return;
      }
    } catch (IOException e) {
      // The figures are a service, the job goes on; the next update tries again.
      return;
    }
    String text =
        switch (facts.phase()) {
          case TRAIN -> training(values);
          case GENERATE -> generation(values);
          case VERIFY -> verification(values);
          case CHECKPOINT -> checkpoints(values);
        };
    if (text.isEmpty()) {
      return;
    }
    if (!looked) {
      // The run may be older: its rates are those since now.
      looked = true;
      quietUpdates = terminal ? 0 : PLAIN_FIRST;
      return;
    }
    if (terminal) {
      out.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
      width = text.length();
    } else {
      out.println(text);
      quietUpdates = PLAIN_EVERY - 1;
    }
    out.flush();
  }

  /** Leaves the line. */
  void end() {
    if (terminal && width > 0) {
      out.print("\r" + " ".repeat(width) + "\r");
      out.flush();
    }
  }

  private String training(Map<String, LiveFigures.Value> values) {
    LiveFigures.Value done = values.get(AcceleratorMetrics.STEPS_DONE);
    LiveFigures.Value epoch = values.get(AcceleratorMetrics.EPOCH);
    LiveFigures.Value step = values.get(AcceleratorMetrics.STEP);
    if (done == null || epoch == null || step == null) {
      return "";
    }
    double samples = sum(values, ReaderMetrics.SAMPLES);
    double bytes = sum(values, ReaderMetrics.STORAGE_BYTES);
    double seconds = secondsSinceLast();
    sinceRestart(bytes, samples);
    String line =
        String.format(
            Locale.ROOT,
            "train  epoch %.0f/%d  step %.0f/%d  %.1f MiB/s  %.1f samples/s  AU so far %.1f %%  ETA"
                + " %s",
            epoch.min(),
            facts.epochs(),
            step.min(),
            facts.stepsPerEpoch(),
            (bytes - lastBytes) / Sizes.MIB / seconds,
            (samples - lastSamples) / seconds,
            values.get(AcceleratorMetrics.AU).average(),
            again ? "-" : eta(done.sum()));
    lastBytes = bytes;
    lastSamples = samples;
    return line;
  }

  private String generation(Map<String, LiveFigures.Value> values) {
    if (!values.containsKey(WriterMetrics.FILES_WRITTEN)) {
      return "";
    }
    return files(
        "generate",
        sum(values, WriterMetrics.FILES_WRITTEN) + sum(values, WriterMetrics.FILES_PRESENT),
        sum(values, WriterMetrics.BYTES_WRITTEN));
  }

  private String verification(Map<String, LiveFigures.Value> values) {
    if (!values.containsKey(VerifierMetrics.FILES_CHECKED)) {
      return "";
    }
    return files(
            "verify",
            sum(values, VerifierMetrics.FILES_CHECKED),
            sum(values, VerifierMetrics.BYTES_CHECKED))
        + String.format(Locale.ROOT, "  bad %.0f", sum(values, VerifierMetrics.FILES_BAD));
  }

  private String checkpoints(Map<String, LiveFigures.Value> values) {
    LiveFigures.Value round = values.get(CheckpointMetrics.ROUND);
    if (round == null) {
      return "";
    }
    int toWrite = facts.writes();
    int toRead = facts.reads();
    boolean writing = round.min() <= toWrite && toWrite > 0;
    double bytes =
        sum(values, CheckpointMetrics.WRITTEN_BYTES) + sum(values, CheckpointMetrics.READ_BYTES);
    double seconds = secondsSinceLast();
    sinceRestart(bytes, 0);
    String line =
        String.format(
            Locale.ROOT,
            "%s checkpoint %.0f/%d  %.1f MiB/s  %.0f files",
            writing ? "write" : "read",
            writing ? round.min() : round.min() - toWrite,
            writing ? toWrite : toRead,
            (bytes - lastBytes) / Sizes.MIB / seconds,
            sum(values, CheckpointMetrics.FILES));
    lastBytes = bytes;
    return line;
  }

  private String files(String what, double files, double bytes) {
    double seconds = secondsSinceLast();
    sinceRestart(bytes, files);
    String line =
        String.format(
            Locale.ROOT,
            "%s  file %.0f/%d  %.1f MiB/s  %.1f files/s  ETA %s",
            what,
            files,
            facts.work(),
            (bytes - lastBytes) / Sizes.MIB / seconds,
            (files - lastSamples) / seconds,
            eta(files));
    lastBytes = bytes;
    lastSamples = files;
    return line;
  }

  /**
   * The counters of a job that began again did so, too. How many steps its training had ended
   * before, they do not tell, and so nobody knows when it will end.
   */
  private void sinceRestart(double bytes, double samples) {
    if (bytes < lastBytes || samples < lastSamples) {
      lastBytes = 0;
      lastSamples = 0;
      firstNanos = 0;
      again = true;
    }
  }

  private static double sum(Map<String, LiveFigures.Value> values, String name) {
    LiveFigures.Value value = values.get(name);
    return value == null ? 0 : value.sum();
  }

  private double secondsSinceLast() {
    long now = System.nanoTime();
    double seconds = (now - lastNanos) / 1e9;
    lastNanos = now;
    return Math.max(seconds, 1e-3);
  }

  /** From what was done since the first look: the run may be older. */
  private String eta(double done) {
    long now = System.nanoTime();
    if (firstNanos == 0) {
      firstNanos = now;
      firstDone = done;
    }
    if (done <= firstDone) {
      return "-";
    }
    double each = (now - firstNanos) / 1e9 / (done - firstDone);
    long left = Math.round(Math.max(0, each * (facts.work() - done)));
    return String.format(Locale.ROOT, "%d:%02d:%02d", left / 3600, left / 60 % 60, left % 60);
  }
}
