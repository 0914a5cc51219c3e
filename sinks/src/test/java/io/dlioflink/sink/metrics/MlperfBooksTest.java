/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dlioflink.sink.SinkFixture;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.config.Origin;
import io.dlioflink.workload.config.Setting;
import io.dlioflink.workload.mlperf.Division;
import io.dlioflink.workload.mlperf.MlperfRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What MLPerf's rules say about a run with figures: two hosts of 1 and 2 GiB, poor utilization. */
class MlperfBooksTest {
  private static final Workload WORKLOAD =
      SinkFixture.workload("dataset.num_files_train=12", "reader.batch_size=2", "metric.au=0.99");
  private static final List<Setting> SETTINGS =
      List.of(new Setting("train.epochs", "1", Origin.ofDefault()));

  @TempDir private Path folder;

  private RunOutcome conclude(RunContext context) throws IOException {
    SyntheticRun run = new SyntheticRun(WORKLOAD, 2);
    try (OutputFolder output = new OutputFolder(SinkFixture.location(folder), StorageOptions.NONE);
        TrainLedger ledger = SyntheticRun.ledger(run.workload, run.ranks, output, context)) {
      run.feed(ledger);
      return ledger.conclude(output);
    }
  }

  private JsonNode report() throws IOException {
    return SinkFixture.json(folder.resolve("report.json"));
  }

  @Test
  void aRunThatBreaksTheRulesItWasToKeepIsInvalid() throws IOException {
    RunContext context =
        new RunContext(List.of(), SETTINGS)
            .withMlperf(new MlperfRequest(Division.OPEN, "cosmoflow_h100", WORKLOAD, SETTINGS));
    RunOutcome outcome = conclude(context);

    assertThat(outcome.valid()).isFalse();
    assertThat(outcome.reasons())
        .hasSize(2)
        .anyMatch(reason -> reason.startsWith("MLPerf OPEN, dataset size: expected at least "))
        .anyMatch(
            reason ->
                reason.startsWith(
                    "MLPerf OPEN, accelerator utilization: expected at least 99 %; found "));
    assertThat(outcome.console()).contains("MLPerf Storage v2.0, cosmoflow_h100 as OPEN: INVALID");
    JsonNode mlperf = report().get("mlperf");
    assertThat(mlperf.get("result").asText()).isEqualTo("INVALID");
    assertThat(mlperf.get("asked_for").asText()).isEqualTo("OPEN");
    assertThat(mlperf.get("findings"))
        .anySatisfy(
            finding -> {
              assertThat(finding.get("rule").asText()).isEqualTo("accelerators per host");
              assertThat(finding.get("result").asText()).isEqualTo("CLOSED");
              assertThat(finding.get("found").asText()).isEqualTo("host0: 1, host1: 1");
            });
    assertThat(mlperf.get("a_submission_also_needs")).isNotEmpty();
  }

  @Test
  void aRunThatWasNotAskedToKeepThemSaysNothingOfThem() throws IOException {
    assertThat(conclude(new RunContext(List.of(), SETTINGS)).valid()).isTrue();
    assertThat(report().has("mlperf")).isFalse();
  }

  @Test
  void whatTheRulesAreAskedTravelsToTheSink() throws Exception {
    RunContext context =
        new RunContext(List.of("++workload.train.epochs=1"), SETTINGS)
            .withMlperf(new MlperfRequest(Division.OPEN, "cosmoflow_h100", WORKLOAD, SETTINGS));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(context);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(context);
    }
  }
}
