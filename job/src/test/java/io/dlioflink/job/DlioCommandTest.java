/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.job.cli.DlioCommand;
import io.dlioflink.job.cli.DlioQueryCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DlioCommandTest {
  @TempDir private Path folder;

  private static CommandLineRun dlio(String... args) {
    return CommandLineRun.of(DlioCommand.commandLine(), args);
  }

  private static String query(String key, String... more) {
    String[] args = new String[more.length + 2];
    System.arraycopy(more, 0, args, 2, more.length);
    args[0] = "workload=unet3d_h100";
    args[1] = "++workload.workflow.query=" + key;
    CommandLineRun run = CommandLineRun.of(DlioQueryCommand.commandLine(), args);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out().strip();
  }

  @Test
  void theConfigurationIsPrintedBelowWorkload() {
    CommandLineRun run = dlio("workload=unet3d_h100", "--cfg", "job", "++workload.train.epochs=2");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("workload:\n").contains("\n  train:\n    epochs: 2\n");
  }

  @Test
  void withoutAWorkloadItIsTheOneNamedDefault() {
    assertThat(dlio("--cfg", "job").out()).contains("num_files_train: 64");
  }

  @ParameterizedTest
  @CsvSource({"--config-dir=%s,", "--config-dir,%s", "-cd,%s", "--config-path,%s"})
  void aFolderOfConfigurationsHoldsWorkloads(String first, String second) throws IOException {
    Files.createDirectories(folder.resolve("workload"));
    Files.writeString(folder.resolve("workload/mine.yaml"), "train:\n  epochs: 7\n");
    String place = folder.toString();
    String[] args =
        second == null
            ? new String[] {"workload=mine", "-c", "job", first.formatted(place)}
            : new String[] {first, second.formatted(place), "workload=mine", "-c", "job"};
    CommandLineRun run = dlio(args);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("epochs: 7");
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    CommandLineRun run = dlio("workload=quickstart", "--config-dir=" + folder.resolve("gone"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--config-dir: there is no folder " + folder.resolve("gone"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-m | --multirun of Hydra is not supported; start one run per combination",
        "--multirun | --multirun of Hydra is not supported",
        "--config-name=other | --config-name: 'other' is not allowed; expected 'config'",
        "--cfg=hydra | --cfg: 'hydra' is not allowed; expected job",
        "--hydra-help | --hydra-help of Hydra is not supported; --help tells what there is",
        "--hydra.run.dir=x | Unknown option: '--hydra.run.dir=x'",
      })
  void whatHydraCanAndThisCannotIsRefusedWithAReason(String option, String message) {
    CommandLineRun run = dlio("workload=quickstart", option);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message);
  }

  @Test
  void theConfigurationNameOfDlioIsAccepted() {
    assertThat(dlio("-cn", "config", "--cfg", "job", "--resolve").exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "framework, pytorch",
    "workflow.checkpoint, True",
    "workflow.evaluation, False",
    "dataset.num_files_train, 168",
    "dataset.format, npz",
    "train.computation_time, 0.323",
    "train.computation_time_stdev, 0",
    "checkpoint.checkpoint_rank_sync, False",
    "output.folder, None",
    "no.such_key, None",
  })
  void aQueryAnswersAsPythonPrints(String key, String answer) {
    assertThat(query(key)).isEqualTo(answer);
  }

  @Test
  void aQueryTakesOverridesIntoAccount() {
    assertThat(query("train.epochs", "++workload.train.epochs=9")).isEqualTo("9");
  }
}
