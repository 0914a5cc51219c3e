/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dlioflink.storage.s3.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Flink's own state in an object store, through flink-s3-fs-presto and with the settings that
 * flink-conf/config.yaml names.
 */
class FlinkStateITCase {
  private static final String BUCKET = "flink";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;

  private S3Server store;
  private StandaloneCluster cluster;

  @BeforeEach
  void start() throws IOException {
    store = S3Server.start();
    store.createBucket(BUCKET);
    cluster =
        StandaloneCluster.start(
            folder.resolve("cluster"),
            2,
            2,
            List.of(
                "execution.checkpointing.dir: s3p://" + BUCKET + "/checkpoints",
                "s3.endpoint: " + store.endpointUrl(),
                "s3.path.style.access: true",
                "s3.access-key: " + S3Server.ACCESS_KEY_ID,
                "s3.secret-key: " + S3Server.SECRET_ACCESS_KEY));
  }

  @AfterEach
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
    store.close();
  }

  private List<String> keys() {
    try (S3Client client = store.client()) {
      return client.listObjectsV2(list -> list.bucket(BUCKET)).contents().stream()
          .map(S3Object::key)
          .toList();
    }
  }

  private LauncherProcess launch(String... args) throws IOException {
    return LauncherProcess.start(folder.resolve("launcher.log"), args);
  }

  @Test
  void aTrainingIsResumedFromStateInAnObjectStore() throws Exception {
    LauncherProcess run =
        launch(
            "run",
            "workload=quickstart",
            "--resume",
            "--cluster=" + cluster.restAddress(),
            "--accelerators=2",
            "--output=" + folder.resolve("out"),
            "++workload.dataset.data_folder=" + folder.resolve("data"),
            "++workload.train.epochs=3",
            "++workload.train.computation_time=1");
    await()
        .atMost(PATIENCE)
        .failFast(() -> assertThat(run.alive()).as(run.output()).isTrue())
        .until(() -> run.output().contains("Starting epoch 2"));
    await()
        .atMost(PATIENCE)
        .until(() -> keys().stream().anyMatch(key -> key.matches("checkpoints/.*/_metadata")));

    cluster.killTaskManager(cluster.taskManagerOf("Metrics sink"));

    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(run.output()).contains("Notice: Resumed 1 time, from the start of epoch ", "VALID");
  }
}
