/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
  @TempDir private Path folder;

  @Test
  void helpNamesEveryExitCode() {
    CommandLineRun run = CommandLineRun.of("--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Exit codes:", "130", "AU below metric.au, with --strict-au");
  }

  @Test
  void listKnowsAllWorkloadsOfTheDistributionAndThoseOfAFolder() throws IOException {
    List<String> names = new ArrayList<>(List.of("mine"));
    try (Stream<Path> files = Files.list(Path.of("../configs/workload"))) {
      files.forEach(file -> names.add(file.getFileName().toString().replace(".yaml", "")));
    }
    Files.createDirectories(folder.resolve("workload"));
    Files.writeString(folder.resolve("workload/mine.yaml"), "model:\n  name: mine\n");
    assertThat(CommandLineRun.of("list", "--config-dir", folder.toString()).out().lines())
        .containsExactlyInAnyOrderElementsOf(names)
        .contains("unet3d_datagen", "resnet50_a100", "cosmoflow_h100", "llama3_405b");
  }

  @Test
  void validateShowsAMinimalEquivalentOfAValidFile() throws IOException {
    Path file =
        Files.writeString(folder.resolve("w.yaml"), "framework: pytorch\ntrain:\n  epochs: 1\n");
    CommandLineRun run = CommandLineRun.of("validate", file.toString());
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains(file + ": valid", "framework: pytorch").doesNotContain("epochs");
  }

  @Test
  void validateReportsAllProblemsOfABrokenFileAndExitsWithTwo() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("w.yaml"), "dataset:\n  num_files_train: -3\n  format: npq\n");
    CommandLineRun run = CommandLineRun.of("validate", file.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out())
        .contains(":2: dataset.num_files_train: '-3'")
        .contains(":3: dataset.format: 'npq'");
  }

  @Test
  void onlyAClusterCanRunDetached() {
    CommandLineRun run = CommandLineRun.of("run", "workload=quickstart", "--detached");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--detached: only a cluster can run it alone");
  }

  @Test
  void anUnknownWorkloadIsAUsageErrorThatListsTheKnownOnes() {
    CommandLineRun run = CommandLineRun.of("run", "workload=unet4d");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("There is no workload 'unet4d' (available: bert_v100, ")
        .contains("quickstart, resnet50_a100, ");
  }

  @Test
  void showNamesTheOriginOfEachValue() {
    CommandLineRun run =
        CommandLineRun.of("show", "workload=unet3d_h100", "++workload.train.epochs=2");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .anyMatch(
            line -> line.matches("train\\.epochs +2 +override '\\+\\+workload\\.train\\.epochs=2'"))
        .anyMatch(line -> line.matches("reader\\.batch_size +7 +unet3d_h100\\.yaml:\\d+"))
        .anyMatch(line -> line.matches("train\\.seed +123 +default"));
  }

  @Test
  void sizePrintsWhatUnet3dTakes() {
    CommandLineRun run = CommandLineRun.of("size", "workload=unet3d_h100", "-n", "8");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("train: 168 files of 1 sample(s), 25286065583 bytes (23.5 GiB) on storage")
        .contains("25285981919 bytes of samples")
        .contains(
            "3 steps per pass and accelerator (batch 7 x 8 accelerators), 0 samples left out");
  }

  @Test
  void aFormatThatIsNotThereYetIsRefusedBeforeTheRun() {
    CommandLineRun run =
        CommandLineRun.of("run", "workload=quickstart", "++workload.dataset.format=hdf5_opt");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("dataset.format: hdf5_opt is not supported yet; available are ");
  }

  @Test
  void aCheckpointWorkloadIsCheckedForItsRanks() {
    CommandLineRun run =
        CommandLineRun.of(
            "checkpoint", "workload=quickstart", "-n", "3", "model.parallelism.tensor=2");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("3 accelerators are not a multiple of tensor 2 x pipeline 1");
  }

  @Test
  void whatOnlyTrainingCanDoIsRefusedWhereNothingIsTrained() {
    CommandLineRun caches = CommandLineRun.of("checkpoint", "workload=quickstart", "--drop-caches");
    assertThat(caches.exitCode()).isEqualTo(2);
    assertThat(caches.err()).contains("--drop-caches: only training drops caches");
    CommandLineRun log = CommandLineRun.of("checkpoint", "workload=quickstart", "--access-log");
    assertThat(log.exitCode()).isEqualTo(2);
    assertThat(log.err()).contains("--access-log: only training records reads");
  }

  @Test
  void aSchemeWithoutStorageIsRefused() {
    CommandLineRun run =
        CommandLineRun.of("run", "workload=quickstart", "dataset.data_folder=ftp://host/data");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("dataset.data_folder: ftp://host/data is not supported yet")
        .contains("direct, ", "file");
  }

  @Test
  void sizeSaysWhatMlperfAsksForAndHowToGenerateIt() {
    CommandLineRun run =
        CommandLineRun.of(
            "size", "workload=unet3d_h100", "-n", "4", "--hosts", "1", "--memory-per-host", "64");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("MLPerf Storage asks of 4 accelerator(s) on 1 host(s) with 64.0 GiB each (given)")
        .contains("2343 files make 5 x memory")
        .contains("14000 files make 500 steps of batch 7 x 4 accelerators")
        .contains("14000 files are required, by steps: 1.9 TiB on disk; this workload has 168")
        .contains("sub-folders: 2, for at most 10000 files in each")
        .contains(
            "bin/dlio-flink generate --accelerators 4 workload=unet3d_h100"
                + " ++workload.dataset.num_files_train=14000"
                + " ++workload.dataset.num_subfolders_train=2");
  }

  @Test
  void sizeFindsTheMemoryOfThisHost() {
    assertThat(CommandLineRun.of("size", "workload=cosmoflow_a100").out())
        .contains("GiB each (found on this host)");
  }

  @Test
  void sizeOfACheckpointWorkloadIsThatOfTheWholeJob() {
    CommandLineRun run =
        CommandLineRun.of(
            "size", "workload=llama3_70b", "--hosts", "8", "--memory-per-host", "100");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("checkpoint: 64 rank(s), tensor 8 x pipeline 1, ZeRO 3, mode default;")
        .contains("69882617856 parameters")
        .contains("128 files, ")
        .contains("model 130.2 GiB, optimizer 781.0 GiB")
        .contains("per rank 14.2 GiB to 14.2 GiB")
        .contains("on storage 8.9 TiB after 10 checkpoint(s)")
        .contains("per host 113.9 GiB of 8 host(s) with 100.0 GiB each (given): memory does not");
  }

  @Test
  void validateTellsWhatMlperfSays() {
    CommandLineRun closed =
        CommandLineRun.of(
            "validate",
            "--mlperf",
            "closed",
            "-n",
            "4",
            "--memory-per-host",
            "64",
            "workload=unet3d_h100",
            "++workload.dataset.num_files_train=14000");
    assertThat(closed.out()).contains("unet3d_h100 as CLOSED: CLOSED", "One run is not a");
    assertThat(closed.exitCode()).isZero();
    CommandLineRun invalid =
        CommandLineRun.of(
            "validate", "--mlperf", "open", "workload=unet3d_h100", "++workload.train.epochs=3");
    assertThat(invalid.out())
        .contains("unet3d_h100 as OPEN: INVALID")
        .contains("INVALID train.epochs: expected 5, not set; found 3 (override")
        .contains("Without --accelerators, rules about numbers and sizes were not applied");
    assertThat(invalid.exitCode()).isEqualTo(2);
  }

  @Test
  void validateFindsThePublishedWorkloadOfAFileOrSaysThatThereIsNone() throws IOException {
    Path file = folder.resolve("mine.yaml");
    String text = Files.readString(Path.of("../configs/workload/cosmoflow_a100.yaml"));
    Files.writeString(file, text);
    assertThat(CommandLineRun.of("validate", "--mlperf", "closed", file.toString()).out())
        .contains("cosmoflow_a100 as CLOSED: CLOSED");
    Files.writeString(file, text.replace("0.00551", "0.1"));
    assertThat(CommandLineRun.of("validate", "--mlperf", "closed", file.toString()).err())
        .contains("neither of cosmoflow_a100, cosmoflow_h100");
    CommandLineRun other =
        CommandLineRun.of("validate", "--mlperf", "closed", "workload=quickstart");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err())
        .contains("'quickstart' with model.name 'quickstart' is no workload of MLPerf Storage");
  }

  @Test
  void aRunThatCannotBeWhatItIsMeantForDoesNotStart() {
    CommandLineRun run =
        CommandLineRun.of(
            "train",
            "workload=unet3d_h100",
            "++workload.workflow.checkpoint=False",
            "--mlperf",
            "closed",
            "--output",
            folder.resolve("results").toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("unet3d_h100 as CLOSED: INVALID")
        .contains("INVALID workflow.checkpoint of unet3d: expected true; found false")
        .contains("INVALID dataset size: expected at least ");
  }

  @Test
  void aCommandThatDoesOtherThanTheWorkflowIsNotMeasuredByMlperf() {
    CommandLineRun run =
        CommandLineRun.of(
            "train",
            "workload=unet3d_h100",
            "++workload.workflow.generate_data=True",
            "++workload.workflow.train=False",
            "++workload.workflow.checkpoint=False",
            "--mlperf",
            "closed");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("--mlperf: train does [Training]")
        .contains("workflow section of the workload says [Generating data]")
        .contains("use run, or leave out --mlperf");
  }

  @Test
  void validateSaysWhatOfAValidFileCannotRun() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("w.yaml"),
            """
            framework: pytorch
            dataset: {format: npz, num_files_train: 1, data_folder: 'hdfs://b/data'}
            reader: {data_loader: pytorch}
            """);
    CommandLineRun run = CommandLineRun.of("validate", file.toString());
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains(file + ": valid")
        .contains(
            "cannot run: dataset.data_folder: hdfs://b/data is not supported yet; available are");
  }
}
