/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints as a workload of their own and inside training. */
class CheckpointITCase {
  private static final int RANKS = 8;

  @TempDir private Path folder;

  private CommandLineRun run(String command, int ranks, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                command,
                "workload=quickstart",
                "--port=0",
                "--accelerators=" + ranks,
                "--output=" + folder.resolve("out"),
                "++workload.dataset.data_folder=" + folder.resolve("data"),
                "++workload.checkpoint.checkpoint_folder=" + folder.resolve("checkpoints"),
                "++workload.checkpoint.time_between_checkpoints=0"));
    args.addAll(Arrays.asList(more));
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  private CommandLineRun checkpoint(int writes, int reads, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "++workload.model.type=transformer",
                "++workload.model.num_layers=2",
                "++workload.model.transformer.hidden_size=256",
                "++workload.model.transformer.ffn_hidden_size=700",
                "++workload.model.transformer.vocab_size=3001",
                "++workload.model.transformer.num_attention_heads=8",
                "++workload.model.parallelism.zero_stage=3",
                "++workload.checkpoint.num_checkpoints_write=" + writes,
                "++workload.checkpoint.num_checkpoints_read=" + reads));
    args.addAll(Arrays.asList(more));
    return run("checkpoint", RANKS, args.toArray(String[]::new));
  }

  private JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out").resolve(name).toFile());
  }

  private static List<String> keys(JsonNode object) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private List<String> names(String sub) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(sub))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void checkpointsAreWrittenReadAndVerifiedAndADamagedByteIsFound() throws Exception {
    CommandLineRun run =
        checkpoint(
            2, 2, "++workload.checkpoint.fsync=True", "++workload.checkpoint.rank_sync=True");

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(run.out())
        .contains("Checkpoint save duration (seconds): ")
        .contains("Checkpoint load I/O Throughput (GB/second): ")
        .contains("VALID");
    JsonNode checkpoints = json("report.json").path("checkpoints");
    assertThat(checkpoints.path("files").asInt()).isEqualTo(2 * RANKS);
    assertThat(checkpoints.path("forced_to_stable_storage").asBoolean()).isTrue();
    assertThat(checkpoints.path("rounds")).hasSize(4);
    for (JsonNode round : checkpoints.path("rounds")) {
      assertThat(round.path("ranks").asInt()).isEqualTo(RANKS);
      assertThat(round.path("payload_bytes").asLong())
          .isEqualTo(checkpoints.path("payload_bytes").asLong());
      assertThat(round.path("verified_files").asInt())
          .isEqualTo(round.path("kind").asText().equals("load") ? 2 * RANKS : 0);
    }
    assertThat(keys(checkpoints.path("latency_per_file")))
        .containsExactly("write", "sync", "commit", "read", "verify_not_overlapped");
    assertThat(keys(json("summary.json").path("metric")))
        .containsExactly(
            "save_checkpoint_io_mean_GB_per_second",
            "save_checkpoint_io_stdev_GB_per_second",
            "save_checkpoint_duration_mean_seconds",
            "save_checkpoint_duration_stdev_seconds",
            "load_checkpoint_io_mean_GB_per_second",
            "load_checkpoint_io_stdev_GB_per_second",
            "load_checkpoint_duration_mean_seconds",
            "load_checkpoint_duration_stdev_seconds",
            "checkpoint_size_GB");
    JsonNode epoch = json("7_per_epoch_stats.json").path("1");
    assertThat(keys(epoch))
        .containsExactly("start", "save_ckpt1", "save_ckpt2", "load_ckpt1", "load_ckpt2", "end");
    assertThat(epoch.at("/save_ckpt1/duration").isNumber()).isTrue();
    assertThat(epoch.at("/save_ckpt1/throughput").isNumber()).isTrue();

    Path victim =
        folder.resolve("checkpoints/global_epoch1_step2/zero_pp_rank_5_mp_rank_0_optim_states.pt");
    try (RandomAccessFile file = new RandomAccessFile(victim.toFile(), "rw")) {
      file.seek(Files.size(victim) / 2);
      int old = file.read();
      file.seek(Files.size(victim) / 2);
      file.write(old ^ 1);
    }
    CommandLineRun damaged = checkpoint(0, 2);
    assertThat(damaged.exitCode()).as(damaged.out() + damaged.err()).isEqualTo(3);
    assertThat(damaged.err())
        .contains(
            "zero_pp_rank_5_mp_rank_0_optim_states.pt at byte %d: byte "
                .formatted(Files.size(victim) / 2))
        .contains("of tensor ");
  }

  @Test
  void aWriterThatFailsLeavesNothingThatCouldBeTakenForACheckpoint() throws Exception {
    Path blocked =
        folder.resolve(
            "checkpoints/global_epoch1_step1/zero_pp_rank_3_mp_rank_0_optim_states.pt/in the way");
    Files.createDirectories(blocked);

    CommandLineRun failed = checkpoint(1, 0);

    assertThat(failed.exitCode()).as(failed.out() + failed.err()).isNotZero();
    assertThat(failed.err()).contains("zero_pp_rank_3_mp_rank_0_optim_states.pt");
    assertThat(names("checkpoints/global_epoch1_step1"))
        .contains(".dlio-flink-rank-3.json")
        .doesNotContain(".dlio-flink-checkpoint.json");
    assertThat(json("report.json").path("verdict").asText()).isEqualTo("INVALID");
    CommandLineRun read = checkpoint(0, 1);
    assertThat(read.exitCode()).isEqualTo(3);
    assertThat(read.err()).contains("is not complete: it has no .dlio-flink-checkpoint.json");
  }

  @Test
  void fewerCheckpointsThanAreToBeReadIsSaidBeforeTheFirst() throws Exception {
    assertThat(checkpoint(1, 0).exitCode()).isZero();

    CommandLineRun run = checkpoint(0, 3);

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .contains("3 checkpoints are to be read (checkpoint.num_checkpoints_read), 1 are in")
        .contains("missing: global_epoch1_step2, global_epoch1_step3");
  }

  @Test
  void trainingTakesCheckpointsByStepBetweenBlocks() throws Exception {
    CommandLineRun run =
        run(
            "run",
            2,
            "++workload.model.type=cnn",
            "++workload.model.parallelism.zero_stage=1",
            "++workload.workflow.checkpoint=True",
            "++workload.checkpoint.steps_between_checkpoints=4",
            "++workload.train.computation_time=0.001");

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(names("checkpoints"))
        .containsExactly(
            "global_epoch1_step4",
            "global_epoch1_step8",
            "global_epoch2_step4",
            "global_epoch2_step8");
    assertThat(names("checkpoints/global_epoch2_step8"))
        .containsExactly(
            ".dlio-flink-checkpoint.json",
            ".dlio-flink-rank-0.json",
            ".dlio-flink-rank-1.json",
            "model_states-0.pt",
            "model_states-1.pt");
    assertThat(keys(json("1_per_epoch_stats.json").path("2")))
        .containsExactly(
            "start", "end", "duration", "block1", "block2", "block3", "save_ckpt1", "save_ckpt2");
    JsonNode load = json("1_output.json").at("/2/load");
    assertThat(load.path("block1")).hasSize(4);
    assertThat(load.path("block2")).hasSize(4);
    assertThat(load.path("block3").isArray()).isTrue();
    assertThat(load.path("block3")).as("a checkpoint after the last step").isEmpty();
    assertThat(keys(json("summary.json").path("metric")))
        .startsWith("save_checkpoint_io_mean_GB_per_second")
        .contains("checkpoint_size_GB", "train_au_percentage")
        .doesNotContain("load_checkpoint_io_mean_GB_per_second");
    assertThat(json("report.json").at("/checkpoints/rounds")).hasSize(4);
  }

  @Test
  void trainingTakesCheckpointsAfterEpochsNamedByTheNextStep() throws Exception {
    CommandLineRun run =
        run(
            "run",
            2,
            "++workload.model.type=cnn",
            "++workload.workflow.checkpoint=True",
            "++workload.checkpoint.checkpoint_after_epoch=2",
            "++workload.checkpoint.epochs_between_checkpoints=2",
            "++workload.train.epochs=3",
            "++workload.train.computation_time=0.001");

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(names("checkpoints")).containsExactly("global_epoch2_step9");
    assertThat(names("checkpoints/global_epoch2_step9"))
        .as("with ZeRO 0 the first replica alone writes")
        .contains(".dlio-flink-checkpoint.json", "model_states-0.pt")
        .doesNotContain("model_states-1.pt");
    assertThat(keys(json("0_per_epoch_stats.json").path("1")))
        .containsExactly("start", "end", "duration", "block1");
    assertThat(keys(json("0_per_epoch_stats.json").path("2")))
        .containsExactly("start", "end", "duration", "block1", "save_ckpt1");
  }
}
