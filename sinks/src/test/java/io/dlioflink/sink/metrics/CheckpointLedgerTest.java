/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.dlioflink.sink.SinkFixture;
import io.dlioflink.sink.checkpoint.FileTransfer;
import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointLedgerTest {
  /** Two ranks with one file of 1 GiB each: ZeRO 1, no layers. */
  private static final Workload WORKLOAD =
      SinkFixture.workload(
          "model.type=cnn",
          "model.model_size_bytes=" + (1L << 30),
          "model.parallelism.zero_stage=1",
          "workflow.train=false",
          "workflow.checkpoint=true",
          "checkpoint.fsync=true",
          "checkpoint.num_checkpoints_write=1",
          "checkpoint.num_checkpoints_read=1");

  @TempDir Path folder;

  private static CheckpointResult result(int rank, boolean save, double seconds, long bytes) {
    long micros = Math.round(seconds * 1e6);
    return new CheckpointResult(
        rank,
        1,
        1,
        1,
        save,
        1_000_000,
        1_000_000 + micros,
        micros * 1000,
        List.of(new FileTransfer(bytes, bytes + 500, bytes + 500, 10, 20, 30, true)),
        new IoCounts(save ? 0 : bytes, save ? 0 : bytes, 0, bytes, 0, 0),
        List.of("said by both"));
  }

  private RunOutcome conclude(CheckpointResult... results) throws IOException {
    return conclude(WORKLOAD, results);
  }

  private RunOutcome conclude(Workload workload, CheckpointResult... results) throws IOException {
    MetricsSinkSettings settings =
        new MetricsSinkSettings(
            MetricsSinkSettings.Phase.CHECKPOINT,
            "test",
            workload,
            2,
            SinkFixture.location(folder.resolve("data")),
            SinkFixture.location(folder),
            new RunContext(List.of(), List.of()),
            Recording.NONE,
            false);
    try (OutputFolder output = new OutputFolder(SinkFixture.location(folder), StorageOptions.NONE);
        CheckpointLedger ledger = new CheckpointLedger(settings, output)) {
      for (int rank = 0; rank < 2; rank++) {
        HostFacts host = new HostFacts("host", 2, "cpu", 1L << 34, Map.of(), Map.of());
        ledger.accept(new RankHello(rank, host, true, List.of(), "none", "none"));
      }
      for (CheckpointResult result : results) {
        ledger.accept(MetricsCodec.decode(MetricsCodec.encode(result)));
      }
      return ledger.conclude(output);
    }
  }

  @Test
  void dliosFiguresAreOfRankZeroAndOursOfTheSlowest() throws IOException {
    long gib = 1L << 30;
    RunOutcome outcome =
        conclude(
            result(0, true, 2, gib),
            result(1, true, 4, gib),
            result(0, false, 1, gib),
            result(1, false, 0.5, gib));

    assertThat(outcome.valid()).as("%s", outcome.reasons()).isTrue();
    assertThat(outcome.notices()).containsOnlyOnce("said by both");
    JsonNode metric = SinkFixture.json(folder.resolve("summary.json")).path("metric");
    assertThat(metric.path("checkpoint_size_GB").asDouble()).as("counted once").isEqualTo(1);
    assertThat(metric.path("save_checkpoint_duration_mean_seconds").asDouble()).isEqualTo(2);
    assertThat(metric.path("save_checkpoint_io_mean_GB_per_second").asDouble()).isEqualTo(0.5);
    assertThat(metric.path("load_checkpoint_io_stdev_GB_per_second").asDouble()).isZero();
    JsonNode save = SinkFixture.json(folder.resolve("report.json")).at("/checkpoints/rounds/0");
    assertThat(save.path("duration_max_seconds").asDouble()).isEqualTo(4);
    assertThat(save.path("payload_bytes").asLong()).isEqualTo(2 * gib);
    assertThat(save.path("storage_busy_percent").asDouble())
        .as("60 ns of 4 s")
        .isCloseTo(60 / 4e7, within(1e-9));
    assertThat(outcome.notices())
        .anyMatch(notice -> notice.startsWith("Writing checkpoints: storage was busy in only 0 %"))
        .noneMatch(notice -> notice.contains("page cache"));
    assertThat(save.path("payload_bytes_per_second").asDouble()).isCloseTo(gib / 2.0, within(1.0));
    assertThat(save.path("rank_min_payload_bytes_per_second").asDouble())
        .isCloseTo(gib / 4.0, within(1.0));
    assertThat(
            SinkFixture.json(folder.resolve("1_per_epoch_stats.json"))
                .at("/1/save_ckpt1/throughput")
                .asDouble())
        .isEqualTo(0.25);
    assertThat(outcome.console())
        .contains(
            "[METRIC] Checkpoint save duration (seconds): 2.0000 (0.0000)",
            "[METRIC] Checkpoint load I/O Throughput (GB/second): 1.0000 (0.0000)");
  }

  @Test
  void theLogHasDliosLinesOfRankZero() throws IOException {
    conclude(
        result(0, true, 2, 1L << 30),
        result(1, true, 4, 1L << 30),
        result(0, false, 0.5, 1L << 30),
        result(1, false, 0.5, 1L << 30));

    assertThat(Files.readAllLines(folder.resolve("dlio.log")))
        .filteredOn(line -> line.contains("heckpoint") && line.startsWith("[OUTPUT] "))
        .extracting(line -> line.split(" ", 3)[2])
        .containsExactly(
            "Running DLIO [Checkpointing] with 2 process(es)",
            "Checkpointing write started",
            "Starting saving checkpoint 1 after total step 1 for epoch 1",
            "Finished saving checkpoint 1 for epoch 1 in 2.0000 s; Throughput: 0.5000 GB/s",
            "Checkpointing write finished",
            "Checkpointing read started",
            "Starting loading checkpoint 1 after total step 1 for epoch 1",
            "Finished loading checkpoint 1 for epoch 1 in 0.5000 s; Throughput: 2.0000 GB/s",
            "Checkpointing read finished");
  }

  @Test
  void aRunThatIsToWriteAndReadNothingIsInvalid() throws IOException {
    Workload idle =
        SinkFixture.workload(
            "model.type=cnn",
            "model.model_size_bytes=1024",
            "workflow.train=false",
            "workflow.checkpoint=true");

    assertThat(conclude(idle).reasons())
        .containsExactly(
            "no checkpoint was written or read: checkpoint.num_checkpoints_write is -1 and"
                + " checkpoint.num_checkpoints_read is -1");
  }

  @Test
  void whatThisRunWroteAndReadThroughThePageCacheIsNoColdRead() throws IOException {
    long gib = 1L << 30;
    CheckpointResult direct = result(0, false, 1, gib);
    CheckpointResult buffered =
        new CheckpointResult(
            0,
            1,
            1,
            1,
            false,
            0,
            1,
            1,
            direct.files(),
            new IoCounts(gib, 0, 0, gib, 0, 0),
            List.of());

    assertThat(conclude(result(0, true, 2, gib), result(1, true, 2, gib), buffered).notices())
        .anyMatch(
            notice ->
                notice.startsWith("Reading checkpoints may have been served by the page cache")
                    && notice.contains("written by this run"));
  }

  @Test
  void aRankThatDidNotFinishMakesTheRunInvalid() throws IOException {
    long gib = 1L << 30;
    RunOutcome outcome =
        conclude(result(0, true, 2, gib), result(1, true, 2, gib), result(0, false, 1, gib));

    assertThat(outcome.valid()).isFalse();
    assertThat(outcome.reasons())
        .containsExactly("reading checkpoint 1 of epoch 1: 1 of 2 ranks ended it");
  }

  @Test
  void bytesThatDoNotAddUpMakeTheRunInvalid() throws IOException {
    RunOutcome outcome = conclude(result(0, true, 2, 1L << 30), result(1, true, 2, 5));

    assertThat(outcome.reasons())
        .containsExactly(
            "0 checkpoints were read, expected 1",
            "checkpoint 1 of epoch 1: 1073741829 bytes of tensors were written, expected"
                + " 2147483648");
    assertThat(SinkFixture.keys(SinkFixture.json(folder.resolve("summary.json")).path("metric")))
        .as("no load, no key")
        .noneMatch(key -> key.startsWith("load_"));
  }
}
