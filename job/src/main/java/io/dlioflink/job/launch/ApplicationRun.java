/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job manager's side of a detached run: follows every phase, starts the next, and leaves a
 * report of a phase that failed. What a console would show goes to the log of the job manager.
 */
public final class ApplicationRun {
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
    ExitCode code =
        new BenchmarkRun(
                run.spec(),
                run.phases(),
                BenchmarkRun.Options.onCluster(rest, jars, run.strictAu()),
                log,
                log)
            .beginningWith(run.firstJob())
            .execute();
    requireSuccess(code, run.spec().output().toString());
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
