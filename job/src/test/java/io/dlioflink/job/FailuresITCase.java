/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of runs whose processes are killed or stopped; see docs/failures.md. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FailuresITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int FILES = 64;

  @TempDir private static Path shared;
  @TempDir private Path folder;

  private static StandaloneCluster cluster;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = StandaloneCluster.start(shared.resolve("cluster"), 3, 2);
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private LauncherProcess launch(String command, Path data, String... more) throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                command,
                "workload=quickstart",
                "--cluster=" + cluster.restAddress(),
                "--accelerators=4",
                "--output=" + folder.resolve("out"),
                "++workload.dataset.data_folder=" + data));
    args.addAll(Arrays.asList(more));
    return LauncherProcess.start(folder.resolve("launcher.log"), args.toArray(String[]::new));
  }

  private LauncherProcess train(String... more) throws IOException {
    return launch("train", shared.resolve("data"), more);
  }

  private static void awaitOutput(LauncherProcess run, String text) {
    await()
        .atMost(PATIENCE)
        .failFast(() -> assertThat(run.alive()).as(run.output()).isTrue())
        .until(() -> run.output().contains(text));
  }

  private JsonNode result(String name) throws IOException {
    return JSON.readTree(folder.resolve("out").resolve(name).toFile());
  }

  private static List<Path> filesIn(Path data) throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("train"))) {
      return files.filter(file -> file.toString().endsWith(".npz")).sorted().toList();
    }
  }

  @Test
  @Order(1)
  void generationGoesOnWithoutAKilledTaskManagerAndLeavesTheSameBytes() throws Exception {
    int files = 2000;
    String[] small = {
      "++workload.dataset.num_files_train=" + files, "++workload.dataset.record_length_bytes=20000"
    };
    Path undisturbed = folder.resolve("undisturbed");
    LauncherProcess reference = launch("generate", undisturbed, small);
    assertThat(reference.exitCode()).as(reference.output()).isZero();
    Path data = folder.resolve("data");
    LauncherProcess run = launch("generate", data, small);
    await().atMost(PATIENCE).ignoreExceptions().until(() -> filesIn(data).size() >= 100);

    cluster.killTaskManager(cluster.taskManagerOf("Source"));

    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(result("generation.json").path("verdict").asText()).isEqualTo("VALID");
    assertThat(result("generation.json").path("files_already_complete").asInt()).isPositive();
    assertThat(filesIn(data)).hasSize(files);
    for (Path file : filesIn(data)) {
      Path same = undisturbed.resolve("train").resolve(file.getFileName());
      assertThat(Files.mismatch(file, same)).as(file.toString()).isEqualTo(-1);
    }
    try (Stream<Path> all = Files.walk(data)) {
      assertThat(all.filter(Files::isRegularFile)).hasSize(files + 1);
    }
    cluster.addTaskManager();
  }

  @Test
  @Order(2)
  void aResumedTrainingLosesNoSampleAndCountsNoneTwice() throws Exception {
    LauncherProcess generated = launch("generate", shared.resolve("data"));
    assertThat(generated.exitCode()).as(generated.output()).isZero();
    LauncherProcess submitted =
        train(
            "--resume",
            "--detached",
            "++workload.train.epochs=4",
            "++workload.train.computation_time=1");
    assertThat(submitted.exitCode()).as(submitted.output()).isZero();
    LauncherProcess run =
        LauncherProcess.start(
            folder.resolve("attach.log"), "attach", "--cluster=" + cluster.restAddress());
    awaitOutput(run, "Starting epoch 2");

    // Its records are lost with it, and all that it knew.
    cluster.killTaskManager(cluster.taskManagerOf("Metrics sink"));

    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(run.output())
        .contains(
            "Lost, and begun again where that is possible: ",
            "Notice: Resumed 1 time, from the start of epoch ",
            "VALID");
    JsonNode report = result("report.json");
    assertThat(report.at("/resumed/times").asInt()).isEqualTo(1);
    assertThat(report.at("/resumed/lost_seconds").asDouble()).isPositive();
    assertThat(report.at("/resumed/from/0/epoch").asInt()).isBetween(1, 3);
    assertThat(report.path("passes")).hasSize(4);
    long bytes = 0;
    for (JsonNode pass : report.path("passes")) {
      assertThat(pass.path("samples").asInt()).isEqualTo(FILES);
      assertThat(pass.path("each_sample_exactly_once").asBoolean()).isTrue();
      bytes += pass.path("storage_bytes").asLong();
    }
    assertThat(report.at("/access/storage_bytes").asLong()).isEqualTo(bytes);
    assertThat(report.at("/latency/storage/count").asInt()).isEqualTo(4 * FILES);
    try (Stream<Path> results = Files.list(folder.resolve("out"))) {
      assertThat(results.map(file -> file.getFileName().toString()))
          .contains("summary.json", "3_output.json")
          .noneMatch(name -> name.startsWith("resume-"));
    }
    cluster.addTaskManager();
  }

  @Test
  @Order(3)
  void aTaskManagerThatIsSilentForLongMakesTheRunInvalidAndLeavesItsReport() throws Exception {
    LauncherProcess run =
        train("++workload.train.epochs=20000", "++workload.train.computation_time=0.05");
    awaitOutput(run, "Starting epoch 2");
    int silent = cluster.taskManagerOf("Metrics sink");

    cluster.signalTaskManager(silent, "STOP");

    assertThat(run.exitCode()).as(run.output()).isEqualTo(5);
    String reason = result("report.json").path("reasons").get(0).asText();
    assertThat(reason)
        .startsWith("A task manager was lost: ")
        .endsWith("eartbeat of TaskManager with id taskmanager-%d timed out.".formatted(silent));

    // The sink wakes up, finds its job gone and tells what it knows.
    cluster.signalTaskManager(silent, "CONT");
    await().atMost(PATIENCE).until(() -> result("report.json").path("passes").size() > 0);
    assertThat(result("report.json").path("reasons").get(0).asText()).isEqualTo(reason);
    assertThat(result("report.json").path("verdict").asText()).isEqualTo("INVALID");
    await().atMost(PATIENCE).until(() -> cluster.registered().contains("taskmanager-" + silent));
  }

  @Test
  @Order(4)
  void aRunWhoseJobManagerIsKilledIsInvalid() throws Exception {
    LauncherProcess run =
        train("++workload.train.epochs=20000", "++workload.train.computation_time=0.05");
    awaitOutput(run, "Starting epoch 2");

    cluster.killJobManager();

    assertThat(run.exitCode()).as(run.output()).isEqualTo(5);
    String reason =
        "The job manager at http://%s is gone, and the run with it"
            .formatted(cluster.restAddress());
    assertThat(run.output()).contains("INVALID: " + reason);
    assertThat(result("report.json").path("verdict").asText()).isEqualTo("INVALID");
    assertThat(folder.resolve("out/summary.json")).doesNotExist();
  }
}
