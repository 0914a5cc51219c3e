/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import io.dlioflink.job.graph.JobFacts;
import io.dlioflink.sink.metrics.RunOutcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobID;

/** A run that was submitted elsewhere, followed to its end, phase by phase. */
public final class FollowedRun {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(500);

  private final URI rest;
  private final RunList runs;
  private final boolean strictAu;
  private final PrintWriter out;
  private final PrintWriter err;

  /**
   * Prepares to follow.
   *
   * @param rest REST address of the cluster
   * @param runs of that cluster
   * @param strictAu whether an AU below {@code metric.au} counts as failure
   */
  public FollowedRun(URI rest, RunList runs, boolean strictAu, PrintWriter out, PrintWriter err) {
    this.rest = rest;
    this.runs = runs;
    this.strictAu = strictAu;
    this.out = out;
    this.err = err;
  }

  /**
   * Follows a job and those that come after it; blocks.
   *
   * @return what the command that started the run would exit with
   */
  public ExitCode follow(String first) throws IOException, InterruptedException {
    boolean terminal = Boolean.getBoolean("dlio-flink.terminal");
    try (JobRunner runner = new JobRunner(rest, List.of(), out, terminal)) {
      Optional<String> job = Optional.of(first);
      ExitCode code = ExitCode.OK;
      while (job.isPresent() && code == ExitCode.OK) {
        JobFacts facts = runs.facts(job.get()).orElseThrow();
        code = follow(runner, job.get(), facts);
        if (code == ExitCode.OK && !facts.next().isEmpty()) {
          job = awaitNext(job.get(), facts);
          code = job.isPresent() ? ExitCode.OK : ExitCode.FAILURE;
        } else {
          job = Optional.empty();
        }
      }
      return code;
    }
  }

  private ExitCode follow(JobRunner runner, String job, JobFacts facts)
      throws IOException, InterruptedException {
    out.printf(
        "Following job %s: %s %s with %d accelerator(s) on %s; results in %s%n",
        job,
        JobFacts.name(facts.phase()),
        facts.workload(),
        facts.accelerators(),
        facts.dataset(),
        facts.output());
    out.flush();
    try {
      LogTail log = new LogTail(facts.output(), facts.logFile(), err);
      RunOutcome outcome = runner.follow(JobID.fromHexString(job), facts, log);
      OutcomeLines.show(outcome, facts.phase(), out);
      if (!outcome.valid()) {
        return ExitCode.INVALID;
      }
      return strictAu && !outcome.auMet() ? ExitCode.AU_BELOW_EXPECTATION : ExitCode.OK;
    } catch (PhaseFailedException e) {
      RunFailure failure = e.failure();
      err.println(
          failure.exitCode() == ExitCode.INTERRUPTED
              ? failure.message()
              : "INVALID: " + failure.message());
      err.println("Report: " + facts.output().child(facts.phase().report()));
      err.flush();
      return failure.exitCode();
    }
  }

  /** The job of the next phase, when somebody has submitted it. */
  private Optional<String> awaitNext(String job, JobFacts facts)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < PATIENCE.toNanos()) {
      List<RunList.Run> all = runs.all();
      long began =
          all.stream()
              .filter(run -> run.job().equals(job))
              .mapToLong(RunList.Run::startMillis)
              .findFirst()
              .orElse(0);
      Optional<String> next =
          all.stream()
              .filter(run -> run.startMillis() > began)
              .filter(run -> run.facts().phase() == facts.next().get(0))
              .filter(run -> run.facts().output().equals(facts.output()))
              .map(RunList.Run::job)
              .findFirst();
      if (next.isPresent()) {
        return next;
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    err.printf(
        "The next phase, %s, was not submitted within %d s: whoever ran this run is gone%n",
        JobFacts.name(facts.next().get(0)), PATIENCE.toSeconds());
    err.flush();
    return Optional.empty();
  }
}
