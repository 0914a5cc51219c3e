/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code bin/dlio-flink} of the distribution, as a user starts it. */
final class LauncherProcess {
  private static final long PATIENCE_SECONDS = 180;

  private final Process process;
  private final Path log;

  private LauncherProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static LauncherProcess start(Path log, String... args) throws IOException {
    return start(log, Map.of(), args);
  }

  /** With more in its environment. */
  static LauncherProcess start(Path log, Map<String, String> environment, String... args)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of(StandaloneCluster.DISTRIBUTION + "/bin/dlio-flink"));
    command.addAll(Arrays.asList(args));
    ProcessBuilder launcher = new ProcessBuilder(command);
    launcher.environment().putAll(environment);
    return start(log, launcher);
  }

  static LauncherProcess start(Path log, ProcessBuilder process) throws IOException {
    return new LauncherProcess(
        process.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
  }

  /** Waits for the end; the exit code. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("Still running after " + PATIENCE_SECONDS + " s");
    }
    return process.exitValue();
  }

  /** Whether it ends within a time. */
  boolean endsWithin(Duration time) throws InterruptedException {
    return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  boolean alive() {
    return process.isAlive();
  }

  /** What it printed so far. */
  String output() throws IOException {
    return Files.readString(log, StandardCharsets.UTF_8);
  }

  /** Ctrl-C. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
  }
}
