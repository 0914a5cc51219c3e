/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import io.dlioflink.job.graph.JobFacts;
import io.dlioflink.job.graph.RunSpec;
import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import io.dlioflink.sink.metrics.OutputFolder;
import io.dlioflink.sink.metrics.RunOutcome;
import io.dlioflink.sink.metrics.Sizes;
import io.dlioflink.sink.series.SeriesFiles;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.workload.CheckpointConfig;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.checkpoint.CheckpointPlan;
import io.dlioflink.workload.checkpoint.CheckpointSizes;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.annotation.Nullable;
import org.apache.flink.api.common.JobID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the phases of a workload one after the other on a cluster and tells people what happened.
 */
public final class BenchmarkRun {

  /**
   * How to run.
   *
   * @param cluster REST address of a running cluster; empty: one inside this process
   * @param jobJar what a remote cluster needs; ignored for a local one
   * @param port first port to try for the local web UI
   * @param plugins jars of the user's own classes
   * @param keepAlive whether the local cluster stays up until Ctrl-C
   * @param strictAu whether an AU below {@code metric.au} fails the run
   * @param generateHint command that would generate the dataset
   */
  public record Options(
      Optional<URI> cluster,
      Optional<Path> jobJar,
      int port,
      List<Path> plugins,
      boolean keepAlive,
      boolean strictAu,
      String generateHint) {

    /**
     * On a running cluster, by somebody who has no command line.
     *
     * @param jars the job jar, then the user's own
     */
    public static Options onCluster(URI rest, List<Path> jars, boolean strictAu) {
      return new Options(
          Optional.of(rest),
          Optional.of(jars.get(0)),
          0,
          jars.subList(1, jars.size()),
          false,
          strictAu,
          "the same submission, with the arguments of 'generate'");
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(BenchmarkRun.class);
  private static final String INTERRUPTED = "The run was interrupted";

  private final RunSpec spec;
  private final List<Phase> phases;
  private final Options options;
  private final PrintWriter out;
  private final PrintWriter err;
  private JobID firstJob = JobID.generate();
  private boolean mayHaveBegun;
  private volatile @Nullable Phase current;

  public BenchmarkRun(
      RunSpec spec, List<Phase> phases, Options options, PrintWriter out, PrintWriter err) {
    this.spec = spec;
    this.phases = List.copyOf(phases);
    this.options = options;
    this.out = out;
    this.err = err;
  }

  /**
   * Gives the job of the first phase an id that others know. The run may have been begun: what the
   * cluster knows of it is followed instead of submitted.
   */
  BenchmarkRun beginningWith(JobID job) {
    firstJob = job;
    mayHaveBegun = true;
    return this;
  }

  /** The job of a phase: a run that is executed again by another job manager finds its jobs so. */
  private JobID job(int phase) {
    return new JobID(firstJob.getLowerPart() + phase, firstJob.getUpperPart());
  }

  /**
   * Runs everything; blocks. Interrupting the thread cancels the run and leaves a partial report.
   */
  public ExitCode execute() throws IOException, InterruptedException {
    if (options.cluster().isPresent()) {
      Path jar =
          options
              .jobJar()
              .orElseThrow(
                  () -> new UsageException("The job jar for the cluster was not found; build it"));
      List<Path> jars = new ArrayList<>(List.of(jar));
      jars.addAll(options.plugins());
      return onCluster(options.cluster().get(), reaction -> {}, jars, false);
    }
    return execute(() -> LocalCluster.start(spec.accelerators(), options.port()));
  }

  /** Runs everything on a cluster of its own; blocks. */
  public ExitCode execute(RunCluster.Starter starter) throws IOException, InterruptedException {
    try (RunCluster cluster = starter.start()) {
      out.println("Flink web UI: " + cluster.address());
      out.flush();
      return onCluster(cluster.address(), cluster::onLoss, options.plugins(), options.keepAlive());
    }
  }

  private ExitCode onCluster(
      URI rest, Consumer<Consumer<String>> losses, List<Path> jars, boolean keepAlive)
      throws IOException, InterruptedException {
    // The launcher script asks the shell: the JDK cannot tell for standard output alone.
    boolean terminal = Boolean.getBoolean("dlio-flink.terminal");
    try (JobRunner runner = new JobRunner(rest, jars, out, terminal);
        Interruption interruption = new Interruption(() -> interrupt(runner))) {
      int first = begunPhase(runner);
      if (options.cluster().isPresent() && first < 0) {
        runner.requireSlots(spec.accelerators());
      }
      losses.accept(runner::giveUp);
      ExitCode code = runPhases(runner, first);
      if (keepAlive && !interruption.requested()) {
        out.println("The web UI stays up at " + rest + " until Ctrl-C");
        out.flush();
        interruption.awaitRequest();
      }
      return code;
    }
  }

  /** The last phase that has been submitted already; -1: none. */
  private int begunPhase(JobRunner runner) throws IOException, InterruptedException {
    if (mayHaveBegun) {
      for (int i = phases.size() - 1; i >= 0; i--) {
        if (runner.knows(job(i))) {
          return i;
        }
      }
    }
    return -1;
  }

  private ExitCode runPhases(JobRunner runner, int begunPhase)
      throws IOException, InterruptedException {
    ExitCode code = ExitCode.OK;
    try {
      for (int i = Math.max(0, begunPhase); i < phases.size(); i++) {
        Phase phase = phases.get(i);
        current = phase;
        code = runPhase(runner, phase, job(i), i == begunPhase);
        if (code != ExitCode.OK) {
          break;
        }
      }
    } catch (InterruptedException e) {
      interrupt(runner);
      throw e;
    }
    current = null;
    return code;
  }

  /**
   * Who interrupts may kill soon after (mpirun: 1 s), so there is a report before anything else;
   * what the run still has to say replaces it.
   */
  private void interrupt(JobRunner runner) {
    Phase phase = current;
    if (phase != null) {
      try {
        FailureReport.write(spec, phase, INTERRUPTED, true);
      } catch (IOException e) {
        err.println("No report could be written: " + e.getMessage());
      }
    }
    runner.cancel();
  }

  private ExitCode runPhase(JobRunner runner, Phase phase, JobID job, boolean submitted)
      throws IOException, InterruptedException {
    announce(phase);
    if (!submitted) {
      clear(phase);
    }
    try {
      LogTail log = new LogTail(spec.output(), spec.workload().output().logFile(), err);
      RunOutcome outcome =
          submitted
              ? runner.follow(job, JobFacts.of(spec, phase), log)
              : runner.run(spec, phase, job, log);
      forget(runner, phase);
      OutcomeLines.show(outcome, phase, out);
      if (!outcome.valid()) {
        return ExitCode.INVALID;
      }
      return options.strictAu() && !outcome.auMet() ? ExitCode.AU_BELOW_EXPECTATION : ExitCode.OK;
    } catch (PhaseFailedException e) {
      return explain(runner, phase, e.failure());
    } catch (IOException e) {
      return explain(runner, phase, RunFailure.of(e));
    }
  }

  /** The sink does the same, but a run can fail before its sink is up. */
  private void clear(Phase phase) throws IOException {
    try {
      deleteResults(phase);
    } catch (IOException e) {
      if (options.cluster().isEmpty()) {
        throw e;
      }
      err.println(
          "Notice: results of earlier runs could not be deleted from here: " + e.getMessage());
    }
  }

  private void deleteResults(Phase phase) throws IOException {
    StorageOptions storage = spec.storageOptions();
    try (OutputFolder output = new OutputFolder(spec.output(), storage)) {
      output.deleteResults(phase.resultFiles());
      if (phase.measures()) {
        output.deleteBelow(SeriesFiles.ACCESS_LOG, SeriesFiles.PART);
      }
    }
  }

  private void announce(Phase phase) {
    if (phase == Phase.GENERATE) {
      out.println("Generating " + spec.name() + " in " + spec.dataset());
    } else if (phase == Phase.CHECKPOINT) {
      CheckpointConfig config = spec.workload().checkpoint();
      CheckpointPlan plan = spec.checkpointSpec().plan();
      CheckpointSizes sizes = plan.sizes();
      out.printf(
          "Checkpoints in %s: %d to write, %d to read, each of %d files with %d bytes (%s)%s%n",
          spec.checkpoints(),
          Math.max(0, config.numCheckpointsWrite()),
          Math.max(0, config.numCheckpointsRead()),
          sizes.files(),
          sizes.payloadBytes(),
          Sizes.bytes(sizes.payloadBytes()),
          plan.subset()
              ? "; a subset: %d of %d ranks".formatted(plan.ranks(), plan.jobRanks())
              : "");
    } else if (phase == Phase.VERIFY) {
      out.println("Verifying " + spec.name() + " in " + spec.dataset());
    } else {
      StepPlan plan = StepPlan.of(spec.workload(), DatasetPart.TRAIN, spec.accelerators());
      out.printf(
          "Max steps per epoch: %d = %d * %d / %d / %d (samples per file * num files / batch size /"
              + " comm size)%n",
          plan.availableSteps(),
          plan.samplesPerFile(),
          plan.files(),
          plan.batchSize(),
          plan.ranks());
      if (plan.leftOutSamples() > 0) {
        out.printf(
            "Of %d samples, %d are left out in each epoch: %d is the largest multiple of batch size"
                + " x accelerators within %s%n",
            plan.totalSamples(),
            plan.leftOutSamples(),
            plan.usedSamples(),
            plan.stepLimit() > 0 ? "the step limit" : "the dataset");
      }
      out.println("Training on " + spec.dataset());
    }
    out.flush();
  }

  private ExitCode explain(JobRunner runner, Phase phase, RunFailure failure) throws IOException {
    boolean interrupted = runner.cancelled() || failure.exitCode() == ExitCode.INTERRUPTED;
    String reason = interrupted ? INTERRUPTED : failure.message();
    err.println((interrupted ? "" : "INVALID: ") + reason);
    if (interrupted && runner.mayGoOn()) {
      err.println(
          "No job manager could be told: one that takes over may go on with it; cancel it there");
    }
    if (failure.exitCode() == ExitCode.DATASET && phase == Phase.TRAIN) {
      err.println("To generate the dataset: " + options.generateHint());
    }
    report(runner, phase, reason);
    err.flush();
    return interrupted ? ExitCode.INTERRUPTED : failure.exitCode();
  }

  /** The output of a remote run may be out of reach from here; the exit code stays what it is. */
  private void report(JobRunner runner, Phase phase, String reason) {
    try {
      boolean endSeen = !runner.mayGoOn();
      err.println("Report: " + FailureReport.write(spec, phase, reason, endSeen));
    } catch (IOException e) {
      err.println("No report could be written: " + e.getMessage());
    }
    forget(runner, phase);
  }

  private void forget(JobRunner runner, Phase phase) {
    if (runner.mayGoOn()) {
      return;
    }
    try {
      FailureReport.forgetRun(spec, phase);
    } catch (IOException e) {
      LOG.warn("Files of a run under way remain in {}", spec.output(), e);
    }
  }
}
