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
  void aSchemeWithoutStorageIsRefused() {
    CommandLineRun run =
        CommandLineRun.of("run", "workload=quickstart", "dataset.data_folder=ftp://host/data");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("dataset.data_folder: ftp://host/data is not supported yet")
        .contains("direct, file");
  }
}
