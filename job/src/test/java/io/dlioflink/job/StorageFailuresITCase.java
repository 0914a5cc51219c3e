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
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of runs whose storage is full or silent; see docs/failures.md. */
class StorageFailuresITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Promised: cancelling takes less than 10 s whatever storage does; the rest is the JVM's end. */
  private static final Duration CANCEL_TIME = Duration.ofSeconds(15);

  @TempDir private Path folder;

  private LauncherProcess launch(Map<String, String> environment, String... args)
      throws IOException {
    List<String> all = new ArrayList<>(Arrays.asList(args));
    all.addAll(List.of("--port=0", "--accelerators=2"));
    return LauncherProcess.start(
        folder.resolve("launcher.log"), environment, all.toArray(String[]::new));
  }

  private LauncherProcess launch(String... args) throws IOException {
    return launch(Map.of(), args);
  }

  private static JsonNode read(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  @Test
  void aFullDiskEndsGenerationAtOnceAndIsNamed() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "2m")) {
      LauncherProcess run =
          launch(
              "generate",
              "workload=quickstart",
              "--output=" + folder.resolve("out"),
              "++workload.dataset.data_folder=" + disk.folder().resolve("data"));

      assertThat(run.exitCode()).as(run.output()).isEqualTo(4);
      assertThat(run.output())
          .containsPattern("INVALID: Cannot write \\(No space left on device\\): .*\\.npz");
      JsonNode report = read(folder.resolve("out/generation.json"));
      assertThat(report.path("verdict").asText()).isEqualTo("INVALID");
      assertThat(report.path("reasons").get(0).asText()).contains("No space left on device");
    }
  }

  @Test
  void aFullDiskLeavesNoCheckpointThatLooksComplete() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "8m")) {
      Path checkpoints = disk.folder().resolve("checkpoints");
      LauncherProcess run =
          launch(
              "checkpoint",
              "workload=llama3_8b",
              "++workload.checkpoint.mode=subset",
              "++workload.model.num_layers=1",
              "--output=" + folder.resolve("out"),
              "++workload.checkpoint.checkpoint_folder=" + checkpoints);

      assertThat(run.exitCode()).as(run.output()).isEqualTo(4);
      assertThat(read(folder.resolve("out/report.json")).path("reasons").get(0).asText())
          .contains("No space left on device");
      try (var files = Files.walk(checkpoints)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .noneMatch(name -> name.endsWith(".pt") || name.equals(".dlio-flink-checkpoint.json"));
      }
    }
  }

  @Test
  void resultsThatFindNoRoomAreMissedAloud() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "64k")) {
      Path output = disk.folder().resolve("out");
      LauncherProcess run =
          launch(
              "run",
              "workload=quickstart",
              "--output=" + output,
              "++workload.train.epochs=40",
              "++workload.train.computation_time=0.001",
              "++workload.dataset.data_folder=" + folder.resolve("data"));

      assertThat(run.exitCode()).as(run.output()).isEqualTo(4);
      assertThat(run.output()).contains("INVALID: ", "No space left on device");
      assertThat(output.resolve("summary.json")).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "generate"})
  void aRunIsCancelledWhileItsStorageIsSilent(String command) throws Exception {
    try (SilentStore store = new SilentStore()) {
      for (int file = 0; file < 64; file++) {
        store.add("data/train/img_%02d_of_64.npz".formatted(file), 300_000);
      }
      LauncherProcess run =
          launch(
              store.environment(),
              command,
              "workload=quickstart",
              "--output=" + folder.resolve("out"),
              "++workload.dataset.data_folder=s3://bucket/data");
      await()
          .atMost(PATIENCE)
          .failFast(() -> assertThat(run.alive()).as(run.output()).isTrue())
          .until(store::waitedFor);

      run.interrupt();

      assertThat(run.endsWithin(CANCEL_TIME)).as(run.output()).isTrue();
      assertThat(run.exitCode()).as(run.output()).isEqualTo(130);
      assertThat(run.output()).contains("The run was interrupted");
    }
  }
}
