/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The processes of an MPI launcher are one run, and nothing is left of them. */
class DlioCommandITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private static Path shared;
  @TempDir private Path folder;

  @BeforeAll
  static void requireMpirun() {
    LauncherOfRanks.requireMpirun();
  }

  private LauncherOfRanks launch(List<String> wrapper, String... more) throws IOException {
    List<String> words = new ArrayList<>(wrapper);
    words.addAll(
        List.of(
            LauncherOfRanks.COMMAND.toString(),
            "workload=quickstart",
            "++hydra.run.dir=" + folder.resolve("out"),
            "++workload.dataset.data_folder=" + shared.resolve("data"),
            "++workload.train.epochs=1",
            "--port=0"));
    words.addAll(Arrays.asList(more));
    return LauncherOfRanks.start(folder, 4, words);
  }

  private static void awaitOutput(LauncherOfRanks run, String text) {
    await()
        .atMost(PATIENCE)
        .failFast(() -> assertThat(run.alive()).as(run.output()).isTrue())
        .until(() -> run.output().contains(text));
  }

  private void assertNothingIsLeft(LauncherOfRanks run) throws IOException {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(run.processes()).isEmpty());
    assertThat(run.meetings()).isEmpty();
  }

  private JsonNode report() throws IOException {
    return JSON.readTree(folder.resolve("out/report.json").toFile());
  }

  private void assertFourAccelerators(LauncherOfRanks run) throws IOException {
    assertThat(run.output()).containsOnlyOnce("[METRIC] Number of Simulated Accelerators: 4 ");
    assertThat(report().at("/passes/0/samples").asInt()).isEqualTo(64);
    assertThat(report().at("/passes/0/ranks")).hasSize(4);
  }

  @Test
  void fourProcessesOfOneHostAreOneRunWithFourAccelerators() throws Exception {
    LauncherOfRanks run = launch(List.of());

    assertThat(run.exitCode()).as(run.output()).isZero();
    assertFourAccelerators(run);
    assertNothingIsLeft(run);
  }

  @Test
  void fourProcessesOfTwoHostsAreOneRunOnTwoTaskManagers() throws Exception {
    LauncherOfRanks run = launch(List.of(LauncherOfRanks.TWO_HOSTS.toString()));

    assertThat(run.exitCode()).as(run.output()).isZero();
    assertFourAccelerators(run);
    assertNothingIsLeft(run);
  }

  @Test
  void aRunThatFailsHasItsExitCode() throws Exception {
    LauncherOfRanks run = launch(List.of(), "++workload.dataset.num_files_train=-3");

    assertThat(run.exitCode()).as(run.output()).isEqualTo(2);
    assertThat(run.output()).containsOnlyOnce("dataset.num_files_train: '-3' is not allowed");
    assertNothingIsLeft(run);
  }

  @Test
  void ctrlCEndsAllProcessesAndLeavesAPartialReport() throws Exception {
    LauncherOfRanks run = launch(List.of(), "++workload.train.computation_time=3600");
    awaitOutput(run, "Training on ");

    run.interrupt();

    assertThat(run.exitCode()).as(run.output()).isNotZero();
    assertNothingIsLeft(run);
    assertThat(report().path("partial").asBoolean()).isTrue();
  }

  @Test
  void aHostThatIsLostEndsTheRunOnAllHosts() throws Exception {
    LauncherOfRanks run =
        launch(
            List.of(LauncherOfRanks.TWO_HOSTS.toString()),
            "++workload.train.computation_time=0.5",
            "++workload.train.epochs=1000");
    awaitOutput(run, "Training on ");

    ProcessHandle.of(run.java("HostWorker")).orElseThrow().destroyForcibly();

    assertThat(run.exitCode()).as(run.output()).isNotZero();
    assertNothingIsLeft(run);
  }
}
