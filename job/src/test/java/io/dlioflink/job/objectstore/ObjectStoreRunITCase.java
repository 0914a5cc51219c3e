/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlioflink.job.CommandLineRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole runs whose dataset, checkpoints and results are all in an object store. */
class ObjectStoreRunITCase {
  private static final ObjectMapper JSON = new ObjectMapper();

  @BeforeEach
  void emptyStore() {
    FakeObjectStore.reset();
  }

  private static CommandLineRun quickstart(String command, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                command,
                "workload=quickstart",
                "--port=0",
                "--accelerators=2",
                "--output=fake://bucket/results",
                "++workload.dataset.data_folder=fake://bucket/data",
                "++workload.checkpoint.checkpoint_folder=fake://bucket/checkpoints",
                "++workload.storage.storage_options.secret_access_key=" + FakeObjectStore.SECRET,
                "++workload.train.computation_time=0.002"));
    args.addAll(Arrays.asList(more));
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  private static JsonNode result(String name) throws IOException {
    return JSON.readTree(FakeObjectStore.OBJECTS.get("bucket/results/" + name));
  }

  private static String text(String name) {
    return new String(
        FakeObjectStore.OBJECTS.get("bucket/results/" + name), StandardCharsets.UTF_8);
  }

  private static List<String> keys(String prefix) {
    return FakeObjectStore.OBJECTS.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
  }

  @Test
  void aRunGeneratesTrainsTakesCheckpointsAndLeavesItsResultsThere() throws Exception {
    CommandLineRun run =
        quickstart(
            "run",
            "--access-log",
            "++workload.workflow.checkpoint=true",
            "++workload.checkpoint.fsync=true",
            "++workload.checkpoint.checkpoint_after_epoch=1");

    assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
    assertThat(keys("bucket/data/train/")).hasSize(64);
    assertThat(keys("bucket/checkpoints/global_epoch1_step9/")).isNotEmpty();
    assertThat(keys("bucket/results/timeseries/ranks/")).hasSize(1);
    assertThat(keys("bucket/results/access_log/")).hasSize(2);
    assertThat(keys("bucket/results/dlio_config/")).hasSize(3);
    assertThat(text("access_log/part-0-0.csv")).startsWith("time,rank,epoch,file").contains("img_");
    assertThat(text("dlio.log")).contains("Running DLIO [Training", "Ending epoch 2");
    assertThat(text("summary.csv"))
        .contains("dataset requests store-1:9000,throttles,", "run,connect_p50,");

    JsonNode report = result("report.json");
    assertThat(report.path("verdict").asText()).isEqualTo("VALID");
    assertThat(report.at("/access/io_mode").asText()).isEqualTo("over the network");
    assertThat(report.at("/latency/request_first_byte/count").asLong()).isPositive();
    assertThat(report.at("/passes/1/latency/body/count").asLong()).isPositive();
    JsonNode endpoints = report.at("/requests/dataset/endpoints");
    assertThat(endpoints).hasSize(2);
    assertThat(endpoints.at("/0/endpoint").asText()).isEqualTo("store-1:9000");
    assertThat(endpoints.at("/0/requests").asLong() + endpoints.at("/1/requests").asLong())
        .isEqualTo(report.at("/latency/request_first_byte/count").asLong());
    assertThat(report.at("/requests/checkpoints/endpoints/0/sent_bytes").asLong()).isPositive();
    assertThat(report.path("notices").toString())
        .contains("requests (dataset) were repeated")
        .contains("because the server asked to slow down");
    assertThat(run.out())
        .contains("Requests, dataset", "Requests, checkpoints", "store-2:9000")
        .contains("over the network")
        .contains("Latency of connect");

    JsonNode generation = result("generation.json");
    assertThat(generation.at("/requests/dataset/endpoints")).hasSize(2);
    assertThat(generation.path("io_mode").asText()).isEqualTo("over the network");
  }

  @Test
  void aDatasetThereIsVerifiedKeptWhenCompleteAndRemovedIfAskedFor() throws Exception {
    assertThat(quickstart("generate").exitCode()).isZero();
    FakeObjectStore.OBJECTS.put("bucket/data/train/notes.txt", new byte[1]);
    FakeObjectStore.OBJECTS.put("bucket/data2/train/img_00_of_64.npz", new byte[1]);

    CommandLineRun verified = quickstart("verify");
    CommandLineRun again = quickstart("generate");

    assertThat(verified.exitCode()).as(verified.err()).isZero();
    assertThat(verified.out()).contains("64 equal to what was generated");
    assertThat(result("verification.json").at("/requests/dataset/endpoints")).hasSize(2);
    assertThat(again.out()).contains("64 files were there already");

    CommandLineRun last = quickstart("train", "++workload.dataset.keep_files=false");

    assertThat(last.exitCode()).as(last.err()).isZero();
    assertThat(last.out()).contains("Deleted the 64 files of the dataset in fake://bucket/data");
    assertThat(keys("bucket/data"))
        .containsExactly("bucket/data/train/notes.txt", "bucket/data2/train/img_00_of_64.npz");
  }

  @Test
  void unfinishedUploadsOfOthersAreLeftAlone() {
    FakeObjectStore.OBJECTS.put("bucket/data/train/theirs.npz", new byte[1]);
    FakeObjectStore.OBJECTS.put("bucket/checkpoints/global_epoch1_step1/theirs.pt", new byte[1]);
    String[] one = {
      "++workload.checkpoint.num_checkpoints_write=1",
      "++workload.checkpoint.num_checkpoints_read=0"
    };
    assertThat(quickstart("generate").exitCode()).isZero();
    assertThat(quickstart("checkpoint", one).exitCode()).isZero();
    assertThat(FakeObjectStore.CLEARED).isEmpty();

    assertThat(quickstart("generate").exitCode()).isZero();
    assertThat(quickstart("checkpoint", one).exitCode()).isZero();

    assertThat(FakeObjectStore.CLEARED)
        .containsExactly(
            "fake://bucket/data/train",
            "fake://bucket/data/valid",
            "fake://bucket/checkpoints/global_epoch1_step1");
  }

  @Test
  void checkpointsAreWrittenReadAndRefusedWithoutTheirMarker() throws Exception {
    String[] two = {
      "++workload.checkpoint.num_checkpoints_write=2",
      "++workload.checkpoint.num_checkpoints_read=2",
      "++workload.checkpoint.fsync=true"
    };
    CommandLineRun run = quickstart("checkpoint", two);

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode report = result("report.json");
    assertThat(report.at("/checkpoints/io_mode_read").asText()).isEqualTo("over the network");
    assertThat(report.at("/requests/checkpoints/endpoints")).hasSize(2);
    assertThat(report.path("notices").toString()).doesNotContain("page cache");

    String marker = "bucket/checkpoints/global_epoch1_step2/.dlio-flink-checkpoint.json";
    assertThat(FakeObjectStore.OBJECTS.remove(marker)).isNotNull();
    CommandLineRun reading =
        quickstart(
            "checkpoint",
            "++workload.checkpoint.num_checkpoints_write=0",
            "++workload.checkpoint.num_checkpoints_read=2");
    assertThat(reading.exitCode()).isEqualTo(3);
    assertThat(reading.err()).contains("global_epoch1_step2");
  }

  @Test
  void anObjectThatCannotBeReadEndsTheRunAndLeavesAReport() throws Exception {
    assertThat(quickstart("generate").exitCode()).isZero();
    FakeObjectStore.brokenSuffix = "img_07_of_64.npz";

    CommandLineRun run = quickstart("train");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("503 after 5 attempts: fake://bucket/data/train/img_07_of_64");
    assertThat(result("report.json").path("verdict").asText()).isEqualTo("INVALID");
    assertThat(text("dlio.log")).contains("Running DLIO [Training");
  }

  @Test
  void aDatasetThatIsNotThereIsMissing() {
    CommandLineRun run = quickstart("train");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("fake://bucket/data/train holds 0 of the 64 npz files");
  }
}
