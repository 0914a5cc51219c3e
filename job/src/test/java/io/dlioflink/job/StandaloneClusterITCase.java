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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The job jar on two task manager processes: the same results, a barrier across processes. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StandaloneClusterITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private static Path shared;
  @TempDir private Path folder;

  private static StandaloneCluster cluster;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = StandaloneCluster.start(shared.resolve("cluster"), 2, 4);
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private LauncherProcess launch(String command, String... more) throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                command,
                "workload=quickstart",
                "--cluster=" + cluster.restAddress(),
                "--output=" + folder.resolve("out"),
                "++workload.dataset.data_folder=" + shared.resolve("data")));
    args.addAll(Arrays.asList(more));
    return LauncherProcess.start(folder.resolve("launcher.log"), args.toArray(String[]::new));
  }

  private static void awaitOutput(LauncherProcess run, String regex) {
    await()
        .atMost(PATIENCE)
        .failFast(() -> assertThat(run.alive()).as(run.output()).isTrue())
        .until(() -> run.output().matches(regex));
  }

  private JsonNode report() throws IOException {
    return JSON.readTree(folder.resolve("out/report.json").toFile());
  }

  @Test
  @Order(0)
  void theDoctorLooksFromEveryTaskManagerAndLeavesNothing() throws Exception {
    LauncherProcess run = launch("doctor", "--accelerators=8");

    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(run.output())
        .containsPattern("slots +ok +8 free of 8 on 2 workers, for 8 accelerators")
        .contains("All is well");
    assertThat(run.output().split("dataset: put +ok")).hasSize(3);
    assertThat(shared.resolve("data")).doesNotExist();
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  @Order(1)
  void eightAcceleratorsOnTwoTaskManagersGiveTheUsualResults() throws Exception {
    LauncherProcess run = launch("run", "--accelerators=8");

    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(run.output()).contains("[METRIC] Number of Simulated Accelerators: 8 ", "VALID");
    for (JsonNode pass : report().path("passes")) {
      assertThat(pass.path("samples").asInt()).isEqualTo(64);
      assertThat(pass.path("each_sample_exactly_once").asBoolean()).isTrue();
      assertThat(pass.path("ranks")).hasSize(8);
      assertThat(pass.path("workers")).hasSize(2);
      for (JsonNode worker : pass.path("workers")) {
        assertThat(worker.path("accelerators").asInt()).isEqualTo(4);
        assertThat(worker.path("samples").asInt()).isEqualTo(32);
      }
      // One to arrive and one to go on for each task manager, whatever the ranks; two to join.
      JsonNode barrier = pass.path("barrier");
      assertThat(barrier.path("job_manager_messages").asLong())
          .isBetween(
              4 * barrier.path("meetings").asLong(), 4 * barrier.path("meetings").asLong() + 4);
    }
    assertThat(report().path("start_barrier").path("ranks").asInt()).isEqualTo(8);
    assertThat(report().path("workers")).hasSize(2);
    assertThat(run.output()).contains("8 accelerators on 2 workers, 4 each");
    for (int rank = 0; rank < 8; rank++) {
      assertThat(folder.resolve("out/" + rank + "_output.json")).isNotEmptyFile();
      assertThat(folder.resolve("out/" + rank + "_per_epoch_stats.json")).isNotEmptyFile();
    }
    PythonCheck.run("check_run.py", folder.resolve("out").toString(), "--batch=4", "--steps=2");
  }

  /** The job brings libraries, native ones too, of which the cluster has others. */
  @ParameterizedTest
  @CsvSource({"csv,gzip", "csv,xz", "parquet,zstd", "parquet,snappy", "hdf5,gzip"})
  @Order(2)
  void formatsWithLibrariesOfTheirOwnWorkOnACluster(String format, String compression)
      throws Exception {
    String[] dataset = {
      "--accelerators=2",
      "++workload.dataset.data_folder=" + folder.resolve("data"),
      "++workload.dataset.format=" + format,
      "++workload.dataset.compression=" + compression,
      "++workload.dataset.num_files_train=8",
      "++workload.dataset.record_length_bytes=20000",
      "++workload.train.computation_time=0.001"
    };
    LauncherProcess run = launch("run", dataset);
    assertThat(run.exitCode()).as(run.output()).isZero();
    LauncherProcess verified = launch("verify", dataset);
    assertThat(verified.exitCode()).as(verified.output()).isZero();
    assertThat(verified.output()).contains("8 equal to what was generated");
  }

  @Test
  @Order(3)
  void ctrlCLeavesAReportMarkedPartial() throws Exception {
    LauncherProcess run =
        launch("train", "--accelerators=8", "++workload.train.computation_time=3600");
    awaitOutput(run, "(?s).*epoch 1/2.*");

    run.interrupt();

    assertThat(run.exitCode()).as(run.output()).isEqualTo(130);
    assertThat(report().path("verdict").asText()).isEqualTo("INVALID");
    assertThat(report().path("partial").asBoolean()).isTrue();
    assertThat(report().path("reasons").get(0).asText()).isEqualTo("The run was interrupted");
    await().atMost(PATIENCE).until(() -> cluster.runningTasks() == 0);
  }

  @Test
  @Order(4)
  void aKilledTaskManagerEndsTheRunAsInvalidWithAReason() throws Exception {
    LauncherProcess run =
        launch(
            "train",
            "--accelerators=8",
            "++workload.train.computation_time=0.05",
            "++workload.train.epochs=20000");
    // The second plain line comes when steps are being made.
    awaitOutput(run, "(?s).*train  epoch.*train  epoch.*");

    cluster.killTaskManager(1);

    assertThat(run.exitCode()).as(run.output()).isEqualTo(5);
    assertThat(report().path("verdict").asText()).isEqualTo("INVALID");
    assertThat(report().path("reasons").get(0).asText()).isNotEmpty();
    assertThat(run.output()).contains("INVALID: ");
    assertThat(folder.resolve("out/summary.json")).doesNotExist();
  }
}
