/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of runs whose hosts lose each other; see docs/failures.md. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NetworkCutITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private static Path shared;
  @TempDir private Path folder;

  private static final TwoHosts HOSTS = new TwoHosts();
  private static StandaloneCluster cluster;

  @BeforeAll
  static void startCluster() throws Exception {
    Assumptions.assumeTrue(
        TwoHosts.possible(), "network namespaces need root and iproute2, and this has not both");
    HOSTS.connect();
    cluster = StandaloneCluster.start(shared.resolve("cluster"), 2, HOSTS.sites());
    LauncherProcess run = launch(shared, "generate");
    assertThat(run.exitCode()).as(run.output()).isZero();
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
    HOSTS.close();
  }

  private static LauncherProcess launch(Path folder, String command) throws IOException {
    return LauncherProcess.start(
        folder.resolve("launcher.log"),
        command,
        "workload=quickstart",
        "--cluster=" + cluster.restAddress(),
        "--accelerators=4",
        "--output=" + folder.resolve("out"),
        "++workload.dataset.data_folder=" + shared.resolve("data"),
        "++workload.train.epochs=20000",
        "++workload.train.computation_time=0.05");
  }

  private LauncherProcess training() throws IOException {
    LauncherProcess run = launch(folder, "train");
    await()
        .atMost(PATIENCE)
        .failFast(() -> assertThat(run.alive()).as(run.output()).isTrue())
        .until(() -> run.output().contains("Starting epoch 2"));
    return run;
  }

  private JsonNode report() throws IOException {
    return JSON.readTree(folder.resolve("out/report.json").toFile());
  }

  @Test
  @Order(1)
  void aCutBetweenTwoTaskManagersMakesTheRunInvalid() throws Exception {
    LauncherProcess run = training();

    HOSTS.cutBetween(true);

    assertThat(run.exitCode()).as(run.output()).isEqualTo(5);
    assertThat(report().path("verdict").asText()).isEqualTo("INVALID");
    assertThat(report().path("reasons").get(0).asText())
        .startsWith("A task manager was lost: ")
        .contains(HOSTS.sites().get(1).address());
    HOSTS.cutBetween(false);
    await().atMost(PATIENCE).until(() -> cluster.runningTasks() == 0);
  }

  @Test
  @Order(2)
  void aTaskManagerThatIsCutOffMakesTheRunInvalid() throws Exception {
    LauncherProcess run = training();

    HOSTS.cutOffLast();

    assertThat(run.exitCode()).as(run.output()).isEqualTo(5);
    assertThat(report().path("verdict").asText()).isEqualTo("INVALID");
    assertThat(report().path("reasons").get(0).asText()).startsWith("A task manager was lost: ");
  }
}
