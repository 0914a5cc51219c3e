/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.dlioflink.format.DatasetMarker;
import io.dlioflink.sink.SinkFixture;
import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.Storages;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationLedgerTest {
  @TempDir private Path folder;
  private final Workload workload =
      SinkFixture.workload("dataset.num_files_train=10", "dataset.num_files_eval=2");

  private Path dataset() {
    return folder.resolve("data");
  }

  private GenerationLedger ledger() {
    return new GenerationLedger(
        "test", workload, SinkFixture.location(dataset()), SyntheticRun.PROVENANCE);
  }

  private OutputFolder output() throws IOException {
    return new OutputFolder(SinkFixture.location(folder.resolve("results")), StorageOptions.NONE);
  }

  private JsonNode report() throws IOException {
    return SinkFixture.json(folder.resolve("results/generation.json"));
  }

  private Optional<DatasetMarker> marker() throws IOException {
    try (Storage storage = Storages.open(SinkFixture.location(dataset()), StorageOptions.NONE)) {
      return DatasetMarker.read(storage, SinkFixture.location(dataset()));
    }
  }

  private static WriteInterval interval(
      int rank, long written, long present, long startMicros, long endMicros, long totalBytes) {
    Histogram latency = new Histogram(3);
    latency.recordValueWithCount(1_000_000, written);
    return new WriteInterval(
        rank,
        "host",
        written,
        present,
        written << 20,
        latency,
        startMicros,
        endMicros,
        new IoCounts(0, 0, 0, totalBytes, 0, 0),
        false);
  }

  @Test
  void aCompleteGenerationIsValidAndMarksTheFolder() throws IOException {
    try (GenerationLedger ledger = ledger();
        OutputFolder output = output()) {
      ledger.accept(interval(0, 4, 0, 1_000_000, 2_000_000, 4 << 20));
      ledger.accept(interval(1, 3, 2, 1_500_000, 2_500_000, 3 << 20));
      ledger.accept(interval(0, 3, 0, 1_000_000, 3_000_000, 7 << 20));
      assertThat(ledger.live().stepsDone()).isEqualTo(12);

      RunOutcome outcome = ledger.conclude(output);

      assertThat(outcome.valid()).isTrue();
      assertThat(outcome.console())
          .containsExactly(
              "Generated 10 files (10.0 MiB) in 2.00 s: 5.0 MiB/s, 5.0 files/s; 2 files were there"
                  + " already, complete");
      assertThat(outcome.highlights())
          .containsEntry("Bytes written", "10.0 MiB, through the page cache");
    }
    assertThat(report().get("verdict").asText()).isEqualTo("VALID");
    assertThat(report().get("partial").asBoolean()).isFalse();
    assertThat(report().get("files_written").asLong()).isEqualTo(10);
    assertThat(report().get("files_already_complete").asLong()).isEqualTo(2);
    assertThat(report().get("duration_seconds").asDouble()).isEqualTo(2.0);
    assertThat(report().get("mib_per_second").asDouble()).isEqualTo(5.0);
    assertThat(report().at("/latency_per_file/count").asLong()).isEqualTo(10);
    assertThat(marker())
        .contains(DatasetMarker.of(workload.dataset(), DatasetMarker.State.COMPLETE));
  }

  @Test
  void missingFilesAreCountedAndTheFolderIsNotMarked() throws IOException {
    try (GenerationLedger ledger = ledger();
        OutputFolder output = output()) {
      ledger.accept(interval(0, 9, 2, 0, 1, 9));

      RunOutcome outcome = ledger.conclude(output);

      assertThat(outcome.valid()).isFalse();
      assertThat(outcome.reasons())
          .containsExactly("9 files were written and 2 found complete, expected 12 in all");
    }
    assertThat(report().get("verdict").asText()).isEqualTo("INVALID");
    assertThat(marker()).isEmpty();
  }

  @Test
  void aGenerationWithoutARecordIsInvalidAndFinite() throws IOException {
    try (GenerationLedger ledger = ledger();
        OutputFolder output = output()) {
      assertThat(ledger.conclude(output).valid()).isFalse();
    }

    assertThat(report().get("duration_seconds").asDouble()).isZero();
    assertThat(report().get("mib_per_second").asDouble()).isZero();
  }

  @Test
  void anAbandonedGenerationIsMarkedPartial() throws IOException {
    try (GenerationLedger ledger = ledger();
        OutputFolder output = output()) {
      ledger.accept(interval(0, 3, 0, 0, 1, 3));
      ledger.abandon(output, "Interrupted");
    }

    assertThat(report().get("partial").asBoolean()).isTrue();
    assertThat(SinkFixture.texts(report().get("reasons"))).containsExactly("Interrupted");
    assertThat(marker()).isEmpty();
  }

  @Test
  void aRecordOfATrainingDoesNotBelongHere() {
    BlockResult stray = new BlockResult(0, 0, 1, 2, 3, 4);

    assertThatThrownBy(() -> ledger().accept(stray))
        .isInstanceOf(IOException.class)
        .hasMessage("Not a record of a data generation: " + stray);
  }
}
