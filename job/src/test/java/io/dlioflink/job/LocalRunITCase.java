/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs on a cluster inside this process. */
class LocalRunITCase {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private CommandLineRun quickstart(String command, int accelerators, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                command,
                "workload=quickstart",
                "--port=0",
                "--accelerators=" + accelerators,
                "--output=" + folder.resolve("out"),
                "++workload.dataset.data_folder=" + folder.resolve("data"),
                "++workload.train.computation_time=0.002"));
    args.addAll(Arrays.asList(more));
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  private JsonNode result(String name) throws IOException {
    return JSON.readTree(folder.resolve("out").resolve(name).toFile());
  }

  @Test
  void quickstartGeneratesTrainsAndAccountsForEverySample() throws Exception {
    CommandLineRun run = quickstart("run", 2);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("Running DLIO [Training] with 2 process(es)")
        .contains("Starting epoch 1: 8 steps expected")
        .doesNotContain("[METRIC]");
    assertThat(run.out())
        .contains("Generated 64 files")
        .contains("Max steps per epoch: 8 = 1 * 64 / 4 / 2")
        .contains("[METRIC] Number of Simulated Accelerators: 2 ")
        .contains("VALID");
    JsonNode report = result("report.json");
    assertThat(report.path("verdict").asText()).isEqualTo("VALID");
    assertThat(report.path("passes")).hasSize(2);
    for (JsonNode pass : report.path("passes")) {
      assertThat(pass.path("samples").asLong()).isEqualTo(64);
      assertThat(pass.path("each_sample_exactly_once").asBoolean()).isTrue();
      assertThat(pass.path("sample_bytes").asLong())
          .isEqualTo(pass.path("expected_sample_bytes").asLong());
    }
    assertThat(report.at("/passes/0/order_hash").asText())
        .isNotEqualTo(report.at("/passes/1/order_hash").asText());
    PythonCheck.run(
        "check_run.py",
        folder.resolve("out").toString(),
        "--batch=4",
        "--steps=8",
        "--dataset=" + folder.resolve("data"),
        "--record-length",
        "262144",
        "65536");
  }

  @Test
  void theDatasetDoesNotDependOnTheNumberOfAcceleratorsAndIsKeptWhenComplete() throws Exception {
    assertThat(quickstart("generate", 1).exitCode()).isZero();
    Map<String, byte[]> first = files(folder.resolve("data"));
    Path victim = folder.resolve("data/train/img_03_of_64.npz");
    try (RandomAccessFile file = new RandomAccessFile(victim.toFile(), "rw")) {
      file.setLength(100);
    }

    CommandLineRun again = quickstart("generate", 3);

    assertThat(again.exitCode()).isZero();
    assertThat(again.out()).contains("Generated 1 files").contains("63 files were there already");
    assertThat(files(folder.resolve("data"))).containsExactlyEntriesOf(first);
    assertThat(result("generation.json").path("files_already_complete").asLong()).isEqualTo(63);
  }

  @Test
  void aRunWhereNothingIsKeptReadsAllTheSameAndSaysThatItIsNoStorage() throws Exception {
    CommandLineRun run =
        quickstart(
            "run",
            2,
            "++workload.dataset.data_folder=null://quickstart",
            "++workload.dataset.record_length_bytes_stdev=0");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("Generated 64 files")
        .contains("keeps nothing: no figure of this run is that of a storage")
        .contains("VALID");
    assertThat(result("generation.json").path("io_mode").asText()).isEqualTo("none");
    JsonNode report = result("report.json");
    assertThat(report.at("/access/io_mode").asText()).isEqualTo("none");
    assertThat(report.path("notices").toString()).contains("null://quickstart");
    assertThat(report.at("/start_barrier/ranks").asInt()).isEqualTo(2);
    for (JsonNode pass : report.path("passes")) {
      assertThat(pass.path("each_sample_exactly_once").asBoolean()).isTrue();
      assertThat(pass.path("sample_bytes").asLong()).isEqualTo(64 * 512 * 512);
      assertThat(pass.at("/barrier/job_manager_messages").asLong()).isZero();
      assertThat(pass.path("workers")).hasSize(1);
    }
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void checkpointsAndResultsAreNotPutWhereNothingIsKept() {
    CommandLineRun run =
        quickstart(
            "train",
            1,
            "++workload.workflow.checkpoint=True",
            "++workload.checkpoint.checkpoint_folder=null://checkpoints");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("null://checkpoints/, which keeps nothing");
  }

  @Test
  void aDatasetOfOursIsVerifiedByteForByte() throws Exception {
    assertThat(quickstart("generate", 2).exitCode()).isZero();

    CommandLineRun good = quickstart("verify", 2);

    assertThat(good.exitCode()).as(good.err()).isZero();
    assertThat(good.out())
        .contains("Verified 64 of 64 files")
        .contains("64 equal to what was generated, 0 with structure and checksums in order, 0 bad");
    assertThat(result("verification.json").path("verdict").asText()).isEqualTo("VALID");
    flip(folder.resolve("data/train/img_05_of_64.npz"), 5000);
    Files.delete(folder.resolve("data/train/img_07_of_64.npz"));

    CommandLineRun bad = quickstart("verify", 3);

    assertThat(bad.exitCode()).isEqualTo(5);
    assertThat(bad.out())
        .contains("62 equal to what was generated, 0 with structure and checksums in order, 2 bad")
        .contains("train/img_05_of_64.npz: Broken file ")
        .contains("at byte 5000: found byte 0x")
        .contains("has CRC")
        .contains("train/img_07_of_64.npz: ");
    assertThat(result("verification.json").path("files_bad").asLong()).isEqualTo(2);
    assertThat(Files.readAllLines(folder.resolve("out/bad_files.tsv"))).hasSize(2);
  }

  @Test
  void aDatasetOfOthersIsVerifiedByItsStructure() throws Exception {
    assertThat(quickstart("generate", 1).exitCode()).isZero();
    Files.delete(folder.resolve("data/.dlio-flink-dataset"));

    CommandLineRun good = quickstart("verify", 1);

    assertThat(good.exitCode()).as(good.err()).isZero();
    assertThat(good.out())
        .contains("64 with structure and checksums in order")
        .contains(
            "contents are not: the folder has no marker of a dataset generated by this version");
    flip(folder.resolve("data/train/img_05_of_64.npz"), 5000);
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve("data/train/img_06_of_64.npz").toFile(), "rw")) {
      file.setLength(3000);
    }
    CommandLineRun bad = quickstart("verify", 1);
    assertThat(bad.exitCode()).isEqualTo(5);
    assertThat(bad.out())
        .contains("train/img_05_of_64.npz: Broken file ")
        .contains("train/img_06_of_64.npz: Broken file ")
        .contains("62 with structure and checksums in order, 2 bad");
  }

  @Test
  void contentThatCompressesAndRepeatsIsVerifiedAsWell() {
    String[] content = {
      "++workload.dataset.compress_ratio=3",
      "++workload.dataset.dedupe_ratio=2",
      "++workload.dataset.format=csv",
      "++workload.dataset.compression=xz",
      "++workload.dataset.num_files_train=8",
      "++workload.dataset.num_files_eval=2"
    };
    assertThat(quickstart("generate", 3, content).exitCode()).isZero();
    CommandLineRun good = quickstart("verify", 2, content);
    assertThat(good.exitCode()).as(good.out() + good.err()).isZero();
    assertThat(good.out()).contains("10 equal to what was generated");
  }

  @Test
  void aDatasetOfOtherParametersIsNotComparedWithOurs() throws Exception {
    assertThat(quickstart("generate", 1).exitCode()).isZero();
    CommandLineRun run = quickstart("verify", 1, "++workload.dataset.content_seed=11");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("64 with structure and checksums in order")
        .contains("generated with other parameters (content_seed=11, not 10; encoding=");
  }

  private static void flip(Path file, long offset) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset);
      int old = bytes.read();
      bytes.seek(offset);
      bytes.write(old ^ 1);
    }
  }

  @Test
  void anotherContentSeedRewritesEveryFile() {
    assertThat(quickstart("generate", 1).exitCode()).isZero();
    assertThat(quickstart("generate", 1, "++workload.dataset.content_seed=11").out())
        .contains("Generated 64 files");
  }

  @Test
  void aGenerationThatReplacesOtherFilesIsNotResumedFromThem() throws Exception {
    assertThat(quickstart("generate", 1).exitCode()).isZero();
    Path marker = folder.resolve("data/.dlio-flink-dataset");
    // As a generation with another seed leaves it if it is killed before its first file.
    Files.writeString(
        marker,
        Files.readString(marker)
            .replace("state=COMPLETE", "state=REPLACING")
            .replace("content_seed=10", "content_seed=11"));
    assertThat(quickstart("generate", 1, "++workload.dataset.content_seed=11").out())
        .contains("Generated 64 files");
    assertThat(quickstart("generate", 1, "++workload.dataset.content_seed=11").out())
        .contains("Generated 0 files");
  }

  @Test
  void directIoIsCountedAsSuch() throws Exception {
    assertThat(quickstart("generate", 1).exitCode()).isZero();
    CommandLineRun run = quickstart("train", 1, "++workload.reader.odirect=true");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode access = result("report.json").path("access");
    assertThat(access.path("io_mode").asText()).isEqualTo("O_DIRECT");
    assertThat(access.path("o_direct_bytes").asLong())
        .isEqualTo(access.path("storage_bytes").asLong())
        .isPositive();
  }

  @Test
  void samplesThatDoNotFillAStepAreLeftOutAndSaidSo() throws Exception {
    CommandLineRun run = quickstart("run", 3, "++workload.dataset.num_files_train=50");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("Of 50 samples, 2 are left out in each epoch: 48 is the largest");
    assertThat(result("report.json").at("/passes/0/each_sample_exactly_once").asBoolean()).isTrue();
  }

  @Test
  void evaluationPassesReadTheValidationFiles() throws Exception {
    CommandLineRun run =
        quickstart(
            "run",
            2,
            "++workload.dataset.num_files_eval=8",
            "++workload.workflow.evaluation=true",
            "++workload.reader.batch_size_eval=2",
            "++workload.evaluation.eval_time=0.001");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("[METRIC] Eval Accelerator Utilization [AU] (%):");
    JsonNode output = result("1_output.json").path("2");
    assertThat(output.at("/load/block1")).hasSize(8);
    assertThat(output.at("/load/eval")).hasSize(2);
    assertThat(result("summary.json").at("/metric/eval_au_percentage")).hasSize(2);
  }

  @Test
  void aMissingDatasetNamesTheFolderAndTheCommandThatMakesIt() {
    CommandLineRun run = quickstart("train", 1);
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .contains("The dataset folder " + folder.resolve("data/train") + " does not exist")
        .contains("To generate the dataset: bin/dlio-flink generate workload=quickstart");
  }

  @Test
  void aMissingFileIsNamedBeforeTheRun() throws Exception {
    assertThat(quickstart("generate", 1).exitCode()).isZero();
    Files.delete(folder.resolve("data/train/img_17_of_64.npz"));
    // An earlier run's results must not be taken for those of the one that fails.
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("out/summary.json"), "{}");
    Files.writeString(folder.resolve("out/report.json"), "{\"passes\": [1]}");
    Files.writeString(folder.resolve("out/notes.json"), "{}");

    CommandLineRun run = quickstart("train", 1);

    assertThat(folder.resolve("out/summary.json")).doesNotExist();
    assertThat(folder.resolve("out/notes.json")).exists();
    assertThat(result("report.json").path("passes")).doesNotContain(JSON.readTree("1"));
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .contains("holds 63 of the 64 npz files")
        .contains("the first one missing is train/img_17_of_64.npz");
  }

  @Test
  void aTruncatedFileIsNamedBeforeTheRun() throws Exception {
    assertThat(quickstart("generate", 1).exitCode()).isZero();
    Path victim = folder.resolve("data/train/img_05_of_64.npz");
    long length = Files.size(victim);
    try (RandomAccessFile file = new RandomAccessFile(victim.toFile(), "rw")) {
      file.setLength(length - 1);
    }
    CommandLineRun run = quickstart("train", 1);
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .contains("%s has %d bytes, expected %d".formatted(victim, length - 1, length));
  }

  @Test
  void aCorruptFileEndsTheRunWithItsNameAndAMarkedReport() throws Exception {
    assertThat(quickstart("generate", 1).exitCode()).isZero();
    Path victim = folder.resolve("data/train/img_42_of_64.npz");
    try (RandomAccessFile file = new RandomAccessFile(victim.toFile(), "rw")) {
      file.seek(5000);
      int old = file.read();
      file.seek(5000);
      file.write(old ^ 1);
    }
    // The other ranks lose their barrier; the file must be what is reported all the same.
    CommandLineRun run = quickstart("train", 4);
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("Broken file " + victim).contains("CRC");
    JsonNode report = result("report.json");
    assertThat(report.path("verdict").asText()).isEqualTo("INVALID");
    assertThat(report.path("partial").asBoolean()).isTrue();
    assertThat(report.path("reasons").get(0).asText()).contains(victim.toString());
    assertThat(folder.resolve("out/summary.json")).doesNotExist();
  }

  @Test
  void anAuBelowExpectationFailsTheRunOnlyIfAsked() {
    String[] idle = {"++workload.train.computation_time=0", "--strict-au"};
    assertThat(quickstart("run", 1, idle).exitCode()).isEqualTo(6);
    assertThat(quickstart("train", 1, "++workload.train.computation_time=0").exitCode()).isZero();
  }

  private static Map<String, byte[]> files(Path root) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(path -> path.toString().endsWith(".npz")).toList()) {
        contents.put(root.relativize(path).toString(), Files.readAllBytes(path));
      }
    }
    assertThat(contents).isNotEmpty().doesNotContain(entry("", new byte[0]));
    return contents;
  }
}
