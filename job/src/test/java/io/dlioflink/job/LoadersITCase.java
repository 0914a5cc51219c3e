/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs with DLIO's loaders and with what shapes a run. */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoadersITCase {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private CommandLineRun run(String... more) throws IOException {
    Path yaml = folder.resolve("loaders.yaml");
    Files.writeString(
        yaml,
        """
        model: {name: loaders}
        framework: pytorch
        workflow: {generate_data: true, train: true}
        dataset:
          data_folder: %s
          num_files_train: 24
          num_files_eval: 8
          num_samples_per_file: 2
          record_length_bytes: 4096
        reader: {batch_size: 4, batch_size_eval: 2, read_threads: 3, sample_order: dlio}
        train: {epochs: 3}
        """
            .formatted(folder.resolve("data")));
    List<String> arguments = new ArrayList<>(List.of("run", "--config", yaml.toString()));
    arguments.addAll(List.of("--port=0", "-n", "2", "--output", folder.resolve("out").toString()));
    arguments.addAll(List.of(more));
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  private JsonNode report() throws IOException {
    return JSON.readTree(folder.resolve("out/report.json").toFile());
  }

  @ParameterizedTest
  @CsvSource({
    "pytorch, pytorch, npz, true",
    "pytorch, dali, npy, true",
    "pytorch, native_dali, npy, false",
    "pytorch, synthetic, npz, false",
    "tensorflow, tensorflow, hdf5, false",
    "tensorflow, tensorflow, tfrecord, true"
  })
  void everyLoaderRunsInDliosOrder(String framework, String loader, String format, boolean once)
      throws IOException {
    CommandLineRun run =
        run(
            "framework=" + framework,
            "++workload.reader.data_loader=" + loader,
            "++workload.dataset.format=" + format,
            "++workload.reader.sample_shuffle=seed",
            "++workload.reader.shuffle_size=8",
            "++workload.workflow.evaluation=true");

    assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
    JsonNode report = report();
    assertThat(report.path("verdict").asText()).isEqualTo("VALID");
    assertThat(report.at("/access/order").asText()).contains(loader);
    assertThat(report.path("passes")).hasSize(6);
    for (JsonNode pass : report.path("passes")) {
      boolean train = pass.path("part").asText().equals("train");
      assertThat(pass.path("steps_per_rank").asInt()).isEqualTo(train ? 6 : 4);
      assertThat(pass.path("samples_as_ordered").asBoolean()).isTrue();
      assertThat(pass.path("each_sample_exactly_once").asBoolean()).isEqualTo(once);
      assertThat(pass.path("samples").asInt() + pass.path("padding_samples").asInt())
          .isEqualTo(train ? 48 : 16);
    }
  }

  @Test
  void capsShortenARunAndBatchesMayComeAsTheyAreCompleted() throws IOException {
    CommandLineRun run =
        run(
            "++workload.reader.data_loader=pytorch",
            "++workload.dataset.format=npz",
            "++workload.reader.ordered=false",
            "++workload.reader.sample_order=declared",
            "--max-epochs=2",
            "--max-steps=5");

    assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
    assertThat(run.out())
        .contains(
            "Notice: the run is shortened: ++workload.train.epochs=2"
                + " ++workload.train.total_training_steps=5");
    assertThat(report().path("passes")).hasSize(2);
    JsonNode pass = report().at("/passes/1");
    assertThat(pass.path("steps_per_rank").asInt()).isEqualTo(5);
    assertThat(pass.path("samples").asInt()).isEqualTo(40);
    assertThat(pass.path("each_sample_exactly_once").asBoolean()).isTrue();
    assertThat(pass.path("order_hash").asText()).isEqualTo("unordered");
  }

  @Test
  void aSubsetOfALargerDatasetInSubfoldersIsRead() throws IOException {
    String[] files = {"dataset.format=tfrecord", "framework=tensorflow"};
    assertThat(run(files[0], files[1], "dataset.num_subfolders_train=3").exitCode()).isZero();

    CommandLineRun run =
        run(
            files[0],
            files[1],
            "dataset.num_subfolders_train=3",
            "dataset.num_files_train=16",
            "dataset.keep_files=false",
            "workflow.generate_data=false");

    assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
    assertThat(report().at("/passes/0/steps_per_rank").asInt()).isEqualTo(4);
    assertThat(report().at("/passes/0/each_sample_exactly_once").asBoolean()).isTrue();
    assertThat(run.out())
        .contains("of its 24 files the first 16 by name are read")
        .contains("was kept: its marker is that of another dataset (num_files_train=24, not 16)");
  }

  @Test
  void aDatasetThatIsNotToBeKeptIsDeletedAfterTheRun() throws IOException {
    Path other = Files.createDirectories(folder.resolve("data")).resolve("notes.txt");
    Files.writeString(other, "mine");
    CommandLineRun run =
        run(
            "++workload.dataset.format=tfrecord",
            "framework=tensorflow",
            "dataset.keep_files=false");

    assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
    assertThat(run.out()).contains("Deleted the 32 files of the dataset in ");
    try (Stream<Path> left = Files.walk(folder.resolve("data"))) {
      assertThat(left.filter(Files::isRegularFile)).containsExactly(other);
    }
  }

  @Test
  void aLoaderOfOnesOwnIsRefusedWithAWayOut() throws IOException {
    CommandLineRun run =
        run(
            "reader.data_loader=custom",
            "reader.data_loader_classname=my.Loader",
            "reader.data_loader_sampler=index",
            "reader.sample_order=declared",
            "dataset.format=npz");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("reader.data_loader_classname: my.Loader cannot run")
        .contains("name the loader it resembles with reader.data_loader");
  }
}
