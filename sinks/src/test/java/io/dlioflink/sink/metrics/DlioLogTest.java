/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.sink.SinkFixture;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DlioLogTest {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}";

  @TempDir private Path folder;

  private List<String> lines() throws IOException {
    return Files.readAllLines(folder.resolve("dlio.log"));
  }

  private OutputFolder output() throws IOException {
    return new OutputFolder(SinkFixture.location(folder), StorageOptions.NONE);
  }

  @Test
  void aLineIsThereAtOnceAndALaterRunAppends() throws IOException {
    try (OutputFolder output = output();
        DlioLog log = new DlioLog(output, "dlio.log", false)) {
      log.output(0, "Starting block 1");
      assertThat(lines())
          .singleElement()
          .asString()
          .matches("\\[OUTPUT] " + TIME + " Starting block 1");
      log.info(0, "a step");
    }
    try (OutputFolder output = output();
        DlioLog log = new DlioLog(output, "dlio.log", true)) {
      log.info(0, "a step");
    }
    assertThat(lines()).hasSize(2).last().asString().startsWith("[INFO] ");
  }

  @Test
  void aRunIsToldInTheWordsOfDlio() throws IOException {
    Workload workload =
        SinkFixture.workload(
            "dataset.num_files_train=12",
            "dataset.num_files_eval=4",
            "reader.batch_size=2",
            "reader.batch_size_eval=2",
            "workflow.evaluation=True",
            "train.computation_time=0.25",
            "train.epochs=1");
    SyntheticRun run = new SyntheticRun(workload, 2);
    try (OutputFolder output = output();
        TrainLedger ledger = SyntheticRun.ledger(workload, 2, output)) {
      ledger.accept(new PassBegun(0, 0, 0));
      ledger.accept(new PassBegun(1, 0, 0));
      run.feed(ledger);
      ledger.accept(new PassBegun(0, 1, 0));
      ledger.conclude(output);
    }

    assertThat(lines().stream().map(line -> line.replaceFirst(TIME + " ", "")))
        .contains(
            "[OUTPUT] Running DLIO [Training & Evaluation] with 2 process(es)",
            "[OUTPUT] Max steps per epoch: 3 = 1 * 12 / 2 / 2 (samples per file * num files / batch"
                + " size / comm size)",
            "[OUTPUT] Steps per eval: 1 = 1 * 4 / 2 / 2 (samples per file * num files / batch size"
                + " eval / comm size)",
            "[OUTPUT] Starting epoch 1: 3 steps expected",
            "[OUTPUT] Starting block 1",
            "[OUTPUT] Starting eval - 1 steps expected",
            "[METRIC] Number of Simulated Accelerators: 2 ",
            "[OUTPUT] outputs saved in RANKID_output.json")
        .containsOnlyOnce("[OUTPUT] Starting epoch 1: 3 steps expected")
        .anyMatch(
            line ->
                line.matches("\\[OUTPUT] Ending block 1 - 3 steps completed in \\d+\\.\\d\\d s"))
        .anyMatch(
            line ->
                line.matches("\\[OUTPUT] Ending epoch 1 - 3 steps completed in \\d+\\.\\d\\d s"))
        .anyMatch(
            line -> line.matches("\\[OUTPUT] Ending eval - 1 steps completed in \\d+\\.\\d\\d s"))
        .anyMatch(
            line ->
                line.matches(
                    "\\[OUTPUT] Epoch 1 - Block 1 \\[Training] Computation time per step"
                        + " \\(second\\): \\d\\.\\d{4}\\+/-\\d\\.\\d{4} \\(set value: \\{'mean':"
                        + " 0\\.25}\\)"));
  }
}
