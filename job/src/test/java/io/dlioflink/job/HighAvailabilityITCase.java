/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlioflink.storage.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * What becomes of runs whose job manager is killed, and another takes over (docs/failures.md).
 * Flink's state is in an object store, through flink-s3-fs-presto and with the settings that
 * flink-conf/config.yaml names.
 */
class HighAvailabilityITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String BUCKET = "flink";
  private static final int EPOCHS = 3;
  private static final int FILES = 64;

  @TempDir private static Path shared;
  @TempDir private Path folder;

  private static S3Server store;
  private static ZooKeeperServer zooKeeper;
  private static StandaloneCluster cluster;

  @BeforeAll
  static void startCluster() throws IOException {
    store = S3Server.start();
    store.createBucket(BUCKET);
    zooKeeper = ZooKeeperServer.start(shared.resolve("zookeeper"));
    List<String> settings =
        new ArrayList<>(
            List.of(
                "execution.checkpointing.dir: s3p://" + BUCKET + "/checkpoints",
                "s3.endpoint: " + store.endpointUrl(),
                "s3.path.style.access: true",
                "s3.access-key: " + S3Server.ACCESS_KEY_ID,
                "s3.secret-key: " + S3Server.SECRET_ACCESS_KEY));
    settings.addAll(zooKeeper.highAvailability("s3p://" + BUCKET + "/high-availability"));
    cluster = StandaloneCluster.start(shared.resolve("cluster"), 2, 2, settings);
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
    if (zooKeeper != null) {
      zooKeeper.close();
    }
    if (store != null) {
      store.close();
    }
  }

  private LauncherProcess launch(String log, String... args) throws IOException {
    List<String> all = new ArrayList<>(Arrays.asList(args));
    all.add("--cluster=" + cluster.restAddress());
    return LauncherProcess.start(folder.resolve(log), all.toArray(String[]::new));
  }

  private String[] run(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "run",
                "workload=quickstart",
                "--accelerators=4",
                "--output=" + folder.resolve("out"),
                "++workload.train.epochs=" + EPOCHS,
                "++workload.train.computation_time=0.8",
                "++workload.dataset.data_folder=" + folder.resolve("data")));
    args.addAll(Arrays.asList(more));
    return args.toArray(String[]::new);
  }

  /** Kills the job manager in the second epoch, and starts another. */
  private void replaceJobManager() throws IOException {
    Path log = folder.resolve("out").resolve("dlio.log");
    await()
        .atMost(PATIENCE)
        .until(() -> Files.exists(log) && Files.readString(log).contains("Starting epoch 2"));
    cluster.killJobManager();
    cluster.startJobManager();
  }

  private static List<String> keys() {
    try (S3Client client = store.client()) {
      return client.listObjectsV2(list -> list.bucket(BUCKET)).contents().stream()
          .map(S3Object::key)
          .toList();
    }
  }

  private JsonNode report() throws IOException {
    return JSON.readTree(folder.resolve("out").resolve("report.json").toFile());
  }

  @Test
  void aTrainingThatCannotBeResumedIsNoResultWhenItBeginsAgain() throws Exception {
    LauncherProcess run = launch("launcher.log", run());
    replaceJobManager();

    assertThat(run.exitCode()).as(run.output()).isEqualTo(5);
    assertThat(run.output())
        .contains("INVALID: The job manager was lost, and another began the run again");
    assertThat(report().path("verdict").asText()).isEqualTo("INVALID");
    assertThat(report().path("partial").asBoolean()).isTrue();
    assertThat(folder.resolve("out").resolve("summary.json")).doesNotExist();
    assertThat(folder.resolve("out").resolve("under-way.json")).doesNotExist();
  }

  @Test
  void aResumableOneGoesOnAndNobodyNeedsToFollowIt() throws Exception {
    LauncherProcess submitted = launch("submit.log", run("--resume", "--detached"));
    assertThat(submitted.exitCode()).as(submitted.output()).isZero();
    replaceJobManager();
    assertThat(keys()).anyMatch(key -> key.matches("checkpoints/.*/_metadata"));
    assertThat(keys()).anyMatch(key -> key.startsWith("high-availability/"));
    String training = training();

    LauncherProcess attached = launch("attach.log", "attach", training);

    assertThat(attached.exitCode()).as(attached.output()).isZero();
    assertThat(attached.output()).contains("Notice: Resumed 1 time, from the start of epoch ");
    assertThat(report().path("verdict").asText()).isEqualTo("VALID");
    assertThat(report().at("/resumed/times").asInt()).isEqualTo(1);
    JsonNode passes = report().path("passes");
    assertThat(passes).hasSize(EPOCHS);
    for (JsonNode pass : passes) {
      assertThat(pass.path("samples").asInt()).isEqualTo(FILES);
      assertThat(pass.path("each_sample_exactly_once").asBoolean()).isTrue();
    }
    // By the application on the job manager, which may hear of the end later than others.
    Path underWay = folder.resolve("out").resolve("under-way.json");
    await().atMost(PATIENCE).until(() -> Files.notExists(underWay));
  }

  /** The job that the new job manager knows: the generation before it is forgotten. */
  private static String training() {
    return await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> cluster.get("/jobs/overview").path("jobs"),
            jobs -> jobs.size() == 1 && jobs.get(0).path("name").asText().contains(" train "))
        .get(0)
        .path("jid")
        .asText();
  }
}
