/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.dlioflink.sink.SinkFixture;
import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationLedgerTest {
  @TempDir private Path folder;
  private final Workload workload =
      SinkFixture.workload("dataset.num_files_train=40", "dataset.num_files_eval=2");

  private RunOutcome conclude(VerifyInterval... intervals) throws IOException {
    try (OutputFolder output = output();
        VerificationLedger ledger = ledger(output)) {
      for (VerifyInterval interval : intervals) {
        ledger.accept(interval);
      }
      return ledger.conclude(output);
    }
  }

  private OutputFolder output() throws IOException {
    return new OutputFolder(SinkFixture.location(folder), StorageOptions.NONE);
  }

  private VerificationLedger ledger(OutputFolder output) {
    return new VerificationLedger(
        "test", workload, SinkFixture.location(folder), output, SyntheticRun.PROVENANCE);
  }

  private JsonNode report() throws IOException {
    return SinkFixture.json(folder.resolve("verification.json"));
  }

  private static VerifyInterval interval(int rank, long compared, long decoded, int bad) {
    List<BadFile> badFiles =
        IntStream.range(0, bad)
            .mapToObj(i -> new BadFile("train/%d-%d".formatted(rank, i), "is\tbroken\nhere"))
            .toList();
    IoCounts io = new IoCounts(1 << 20, 0, 0, 0, 0, 0);
    return new VerifyInterval(
        rank,
        "host",
        compared,
        decoded,
        badFiles,
        new Histogram(3),
        1_000_000,
        3_000_000,
        io,
        List.of("note"));
  }

  @Test
  void aDatasetWithoutBadFilesIsValid() throws IOException {
    RunOutcome outcome = conclude(interval(0, 20, 0, 0), interval(1, 20, 2, 0));

    assertThat(outcome.valid()).isTrue();
    assertThat(outcome.notices()).containsExactly("note");
    assertThat(outcome.console())
        .containsExactly(
            "Verified 42 of 42 files (2.0 MiB) in 2.00 s: 40 equal to what was generated, 2 with"
                + " structure and checksums in order, 0 bad");
    assertThat(report().path("verdict").asText()).isEqualTo("VALID");
    assertThat(report().path("storage_bytes").asLong()).isEqualTo(2 << 20);
    assertThat(folder.resolve("bad_files.tsv")).doesNotExist();
  }

  @Test
  void everyBadFileIsListedAndTheFirstOnesAreNamed() throws IOException {
    RunOutcome outcome = conclude(interval(0, 17, 0, 25));

    assertThat(outcome.valid()).isFalse();
    assertThat(outcome.reasons())
        .hasSize(21)
        .contains("train/0-0: is\tbroken\nhere")
        .contains("5 more bad files, see bad_files.tsv");
    assertThat(Files.readAllLines(folder.resolve("bad_files.tsv")))
        .hasSize(25)
        .contains("train/0-24\tis broken here");
    assertThat(report().path("files_bad").asLong()).isEqualTo(25);
  }

  @Test
  void filesThatNobodyCheckedMakeItInvalid() throws IOException {
    assertThat(conclude(interval(0, 41, 0, 0)).reasons())
        .containsExactly("41 files were checked, expected 42");
  }

  @Test
  void anEarlyEndLeavesAPartialReport() throws IOException {
    try (OutputFolder output = output();
        VerificationLedger ledger = ledger(output)) {
      ledger.accept(interval(0, 3, 0, 1));
      ledger.abandon(output, "Cancelled");
    }
    assertThat(report().path("partial").asBoolean()).isTrue();
    assertThat(SinkFixture.texts(report().path("reasons")))
        .startsWith("Cancelled", "4 files were checked, expected 42");
    assertThat(folder.resolve("bad_files.tsv")).exists();
  }

  @Test
  void recordsOfOtherPhasesAreRefused() throws IOException {
    try (OutputFolder output = output();
        VerificationLedger ledger = ledger(output)) {
      assertThatThrownBy(() -> ledger.accept(new BlockResult(0, 0, 0, 0, 0, 0)))
          .isInstanceOf(IOException.class);
    }
  }
}
