/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code mpirun -n N bin/dlio_benchmark} of the distribution, as a user starts it. */
final class LauncherOfRanks {
  static final Path COMMAND = StandaloneCluster.DISTRIBUTION.resolve("bin/dlio_benchmark");
  static final Path TWO_HOSTS = Path.of("src/test/shell/two_hosts.sh").toAbsolutePath();

  private static final long PATIENCE_SECONDS = 180;

  private final Process process;
  private final Path folder;

  private LauncherOfRanks(Process process, Path folder) {
    this.process = process;
    this.folder = folder;
  }

  /** Skips the test visibly where there is no Open MPI; in CI there is one. */
  static void requireMpirun() {
    boolean there =
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "mpirun")));
    if ("true".equals(System.getenv("CI"))) {
      assertThat(there).as("mpirun is on the PATH").isTrue();
    }
    assumeTrue(there, "no mpirun on the PATH; install Open MPI");
  }

  /**
   * Starts processes.
   *
   * @param folder working directory, also of what the ranks of a host meet with
   * @param words what mpirun is to start
   */
  static LauncherOfRanks start(Path folder, int processes, List<String> words) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("mpirun", "--oversubscribe", "-n", String.valueOf(processes)));
    command.addAll(words);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("launcher.log").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "OMPI_ALLOW_RUN_AS_ROOT",
                "1",
                "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM",
                "1",
                "TMPDIR",
                Files.createDirectories(folder.resolve("tmp")).toString()));
    return new LauncherOfRanks(builder.start(), folder);
  }

  /** Waits for the end; the exit code. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError("Still running after " + PATIENCE_SECONDS + " s");
    }
    return process.exitValue();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** What it printed so far. */
  String output() throws IOException {
    return Files.readString(folder.resolve("launcher.log"), StandardCharsets.UTF_8);
  }

  /** Ctrl-C. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
  }

  /** Everything it started that still runs, by command line. */
  List<String> processes() {
    return ProcessHandle.allProcesses()
        .filter(ProcessHandle::isAlive)
        .filter(
            each ->
                each.info().commandLine().orElse("").contains(folder.toString())
                    && each.pid() != ProcessHandle.current().pid())
        .map(each -> each.pid() + " " + each.info().commandLine().orElse(""))
        .toList();
  }

  /** Files the processes met with. */
  List<Path> meetings() throws IOException {
    try (Stream<Path> here = Files.list(folder);
        Stream<Path> temporary = Files.list(folder.resolve("tmp"))) {
      return Stream.concat(here, temporary)
          .filter(file -> file.getFileName().toString().contains("dlio-flink-"))
          .toList();
    }
  }

  /** The pid of the Java process with this main class. */
  long java(String mainClass) {
    return ProcessHandle.allProcesses()
        .filter(
            each ->
                each.info().command().orElse("").endsWith("/java")
                    && each.info().commandLine().orElse("").contains(folder.toString())
                    && each.info().commandLine().orElse("").contains(mainClass))
        .mapToLong(ProcessHandle::pid)
        .findFirst()
        .orElseThrow();
  }
}
