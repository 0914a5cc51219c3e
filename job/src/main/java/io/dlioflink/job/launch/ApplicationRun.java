/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job manager's side of a detached run: follows every phase, starts the next, and leaves a
 * report of a phase that failed. What a console would show goes to the log of the job manager.
 */
public final class ApplicationRun {
  private static final int WATCH_SECONDS = 1;
  private static final Set<String> CANCELLED = Set.of("CANCELING", "CANCELED");
  private static final Logger LOG = LoggerFactory.getLogger(ApplicationRun.class);

  private ApplicationRun() {}

  /** The run that the jar of this program carries, if it carries one. */
  public static Optional<DetachedRun> carried() throws IOException {
    return RunJar.read(Thread.currentThread().getContextClassLoader());
  }

  /**
   * Carries a run out; blocks.
   *
   * @param rest REST address of the job manager this runs on
   * @param jars of this program
   * @throws IllegalStateException if the run did not succeed
   */
  public static void execute(DetachedRun run, URI rest, List<Path> jars)
      throws IOException, InterruptedException {
    PrintWriter log = LogLines.to(LOG);
    BenchmarkRun benchmark =
        new BenchmarkRun(
                run.spec(),
                run.phases(),
                BenchmarkRun.Options.onCluster(rest, jars, run.strictAu()),
                log,
                log)
            .beginningWith(run.firstJob(), run.begun());
    ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
    try {
      RestApi api = new RestApi(rest);
      ScheduledFuture<?> watching =
          watch.scheduleWithFixedDelay(
              () -> cancelWith(run, api, benchmark), WATCH_SECONDS, WATCH_SECONDS, SECONDS);
      ExitCode code = benchmark.execute();
      watching.cancel(true);
      requireSuccess(code, run.spec().output().toString());
    } finally {
      watch.shutdownNow();
    }
  }

  /** Flink does not tell the main program of an application that somebody has cancelled it. */
  private static void cancelWith(DetachedRun run, RestApi api, BenchmarkRun benchmark) {
    try {
      boolean cancelled =
          api.find("/applications/" + run.application())
              .map(application -> application.path("status").asText())
              .filter(CANCELLED::contains)
              .isPresent();
      if (cancelled) {
        benchmark.cancel();
      }
    } catch (IOException e) {
      LOG.debug("The state of the application is not known", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Turns what a process would exit with into what Flink understands. */
  public static void requireSuccess(ExitCode code, String output) {
    if (code != ExitCode.OK) {
      throw new IllegalStateException(
          "The run did not succeed (%s); see its report in %s".formatted(code.meaning(), output));
    }
  }

  /** Deletes the jar that was uploaded for one run only. */
  public static void deleteJar(List<Path> jars) {
    try {
      Files.deleteIfExists(jars.get(0));
    } catch (IOException e) {
      LOG.warn("{} could not be deleted", jars.get(0), e);
    }
  }
}
