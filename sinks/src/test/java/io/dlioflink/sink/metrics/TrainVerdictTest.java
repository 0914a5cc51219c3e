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
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a training run counts, and why not. */
class TrainVerdictTest {
  @TempDir private Path folder;

  private static Workload workload(int files) {
    return SinkFixture.workload(
        "dataset.num_files_train=" + files, "reader.batch_size=2", "train.epochs=2");
  }

  private RunOutcome conclude(SyntheticRun run) throws IOException {
    try (OutputFolder output = new OutputFolder(SinkFixture.location(folder), StorageOptions.NONE);
        TrainLedger ledger = SyntheticRun.ledger(run.workload, run.ranks, output)) {
      run.feed(ledger);
      return ledger.conclude(output);
    }
  }

  private void assertInvalid(SyntheticRun run, String... reasons) throws IOException {
    RunOutcome outcome = conclude(run);

    assertThat(outcome.valid()).isFalse();
    assertThat(outcome.reasons()).containsExactly(reasons);
    assertThat(outcome.highlights()).containsEntry("Verdict", "INVALID");
    JsonNode report = SinkFixture.json(folder.resolve("report.json"));
    assertThat(report.get("verdict").asText()).isEqualTo("INVALID");
    assertThat(report.get("partial").asBoolean()).isFalse();
    assertThat(SinkFixture.texts(report.get("reasons"))).containsExactly(reasons);
    assertNoNaN();
  }

  private void assertNoNaN() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file)).doesNotContain("NaN", "Infinity");
      }
    }
  }

  @Test
  void booksThatBalanceAreValid() throws IOException {
    RunOutcome outcome = conclude(new SyntheticRun(workload(13), 2));

    assertThat(outcome.valid()).isTrue();
    assertThat(outcome.reasons()).isEmpty();
    assertThat(SinkFixture.json(folder.resolve("report.json")).get("verdict").asText())
        .isEqualTo("VALID");
  }

  @Test
  void missingSamplesAreCounted() throws IOException {
    SyntheticRun run = new SyntheticRun(workload(12), 2);
    run.changeFirstPass(-1, -SyntheticRun.SAMPLE_BYTES, 0);

    assertInvalid(
        run,
        "epoch 1: 11 samples were read, expected 12",
        "epoch 1: 11264 sample bytes were read, expected 12288");
  }

  @Test
  void samplesReadTwiceInPlaceOfOthersAreSeen() throws IOException {
    SyntheticRun run = new SyntheticRun(workload(12), 2);
    run.changeFirstPass(0, 0, 1);

    assertInvalid(run, "epoch 1: not every sample was read exactly once");
  }

  /** Eight samples per rank, pieces of 4, 2 and 2 for three threads, batches of four. */
  private static Workload iterative() {
    return SinkFixture.workload(
        "reader.sample_order=dlio",
        "reader.read_threads=3",
        "dataset.num_files_train=16",
        "reader.batch_size=4");
  }

  @Test
  void anOrderThatReadsSomeSamplesTwiceAndOthersNeverIsValidAndSaysSo() throws IOException {
    SyntheticRun run = new SyntheticRun(iterative(), 2);
    RunOutcome outcome = conclude(run);

    assertThat(outcome.reasons()).isEmpty();
    assertThat(outcome.notices())
        .contains(
            "epoch 1: of 16 samples, 5 were to be read more than once and 9 never, 4 places filled"
                + " up without reading, as DLIO does");
    JsonNode pass = SinkFixture.json(folder.resolve("report.json")).at("/passes/0");
    assertThat(pass.get("samples").asLong()).isEqualTo(12);
    assertThat(pass.get("padding_samples").asLong()).isEqualTo(4);
    assertThat(pass.get("each_sample_exactly_once").asBoolean()).isFalse();
    assertThat(pass.get("samples_as_ordered").asBoolean()).isTrue();
    assertThat(pass.get("samples_read_more_than_once").asLong()).isEqualTo(5);
    assertThat(pass.get("samples_never_read").asLong()).isEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource({"8, 1", "16, 2", "24, 0"})
  void aThroughputThatSaysNothingIsExplained(int files, int steps) throws IOException {
    Workload few = SinkFixture.workload("dataset.num_files_train=" + files, "reader.batch_size=4");
    List<String> notices = conclude(new SyntheticRun(few, 2)).notices();

    if (steps == 0) {
      assertThat(notices).noneMatch(notice -> notice.contains("DLIO's throughput"));
    } else {
      assertThat(notices)
          .filteredOn(
              notice ->
                  notice.startsWith(
                      "DLIO's throughput leaves out 2 steps of an epoch, and here an epoch has "
                          + steps
                          + ":"))
          .hasSize(1);
    }
  }

  @Test
  void fewStepsOfALargeDatasetAreCheckedWithoutWalkingAllOfIt() throws IOException {
    Workload few =
        SinkFixture.workload(
            "dataset.num_files_train=1000000000000",
            "reader.sample_shuffle=seed",
            "train.total_training_steps=3");
    RunOutcome outcome = conclude(new SyntheticRun(few, 2));

    assertThat(outcome.reasons()).isEmpty();
    JsonNode pass = SinkFixture.json(folder.resolve("report.json")).at("/passes/0");
    assertThat(pass.get("each_sample_exactly_once").asBoolean()).isTrue();
    assertThat(pass.has("samples_never_read")).isFalse();
  }

  @Test
  void samplesOfSuchAnOrderThatAreTooManyToCountAreNotCalledRepeated() throws IOException {
    Workload huge =
        SinkFixture.workload(
            "reader.sample_order=dlio",
            "dataset.num_files_train=100000000",
            "reader.batch_size=4",
            "train.total_training_steps=3");
    RunOutcome outcome = conclude(new SyntheticRun(huge, 2));

    assertThat(outcome.reasons()).isEmpty();
    assertThat(outcome.notices())
        .contains("epoch 1: how often each of 100000000 samples was to be read was not counted");
    JsonNode pass = SinkFixture.json(folder.resolve("report.json")).at("/passes/0");
    assertThat(pass.get("each_sample_exactly_once").isNull()).isTrue();
  }

  @Test
  void samplesThatAreNotThoseOfSuchAnOrderAreSeen() throws IOException {
    SyntheticRun run = new SyntheticRun(iterative(), 2);
    run.changeFirstPass(0, 0, 1);

    assertInvalid(run, "epoch 1: the samples read are not those of the order");
  }

  @Test
  void withoutAnOrderOfBatchesThereIsNoHashOfIt() throws IOException {
    Workload unordered = SinkFixture.workload("dataset.num_files_train=12", "reader.ordered=false");
    assertThat(conclude(new SyntheticRun(unordered, 2)).valid()).isTrue();

    assertThat(SinkFixture.json(folder.resolve("report.json")).at("/passes/0/order_hash").asText())
        .isEqualTo("unordered");
  }

  @Test
  void wrongBytesAreCounted() throws IOException {
    SyntheticRun run = new SyntheticRun(workload(12), 2);
    run.changeFirstPass(0, 5, 0);

    assertInvalid(run, "epoch 1: 12293 sample bytes were read, expected 12288");
  }

  @Test
  void bytesThatAreNotKnownBeforehandAreNotCompared() throws IOException {
    SyntheticRun run = new SyntheticRun(workload(12), 2);
    run.changeFirstPass(0, 5, 0);
    run.change(
        record ->
            record instanceof RankHello hello
                ? new RankHello(
                    hello.rank(),
                    hello.host(),
                    false,
                    hello.notices(),
                    hello.order(),
                    hello.names())
                : record);

    assertThat(conclude(run).valid()).isTrue();
    JsonNode pass = SinkFixture.json(folder.resolve("report.json")).at("/passes/0");
    assertThat(SinkFixture.keys(pass))
        .contains("sample_bytes")
        .doesNotContain("expected_sample_bytes");
  }

  @Test
  void aRankThatDidNotEndAnEpochIsMissed() throws IOException {
    SyntheticRun run = new SyntheticRun(workload(12), 2);
    run.change(
        record ->
            record instanceof PassResult pass && pass.rank() == 1 && pass.pass() == 1
                ? null
                : record);

    assertInvalid(run, "epoch 2: 1 of 2 ranks ended it");
    assertThat(SinkFixture.keys(SinkFixture.json(folder.resolve("1_per_epoch_stats.json"))))
        .containsExactly("1");
    assertThat(SinkFixture.keys(SinkFixture.json(folder.resolve("0_per_epoch_stats.json"))))
        .containsExactly("1", "2");
    assertThat(SinkFixture.json(folder.resolve("summary.json")).get("epochs").asInt()).isEqualTo(1);
  }

  @Test
  void aRankThatNeverStartedIsMissed() throws IOException {
    SyntheticRun run = new SyntheticRun(workload(12), 2);
    run.change(record -> record instanceof RankHello hello && hello.rank() == 0 ? null : record);

    assertInvalid(run, "1 of 2 ranks started");
    assertThat(Files.exists(folder.resolve("summary.json"))).isFalse();
  }

  @Test
  void nothingAtAllIsInvalidToo() throws IOException {
    SyntheticRun run = new SyntheticRun(workload(12), 2);
    run.change(record -> null);

    assertInvalid(
        run,
        "0 of 2 ranks started",
        "epoch 1: 0 of 2 ranks ended it",
        "epoch 2: 0 of 2 ranks ended it");
  }

  @Test
  void tooFewSamplesForAStepAreInvalid() throws IOException {
    assertInvalid(
        new SyntheticRun(workload(3), 2),
        "epoch 1: no step was made, 3 samples are less than a batch of 2 for each of 2 ranks",
        "epoch 2: no step was made, 3 samples are less than a batch of 2 for each of 2 ranks");
    assertThat(SinkFixture.json(folder.resolve("summary.json")).get("epochs").asInt()).isZero();
  }

  @Test
  void anAbandonedRunLeavesOnlyAPartialReport() throws IOException {
    SyntheticRun run = new SyntheticRun(workload(12), 2);
    run.change(record -> record instanceof PassResult pass && pass.pass() == 1 ? null : record);
    try (OutputFolder output = new OutputFolder(SinkFixture.location(folder), StorageOptions.NONE);
        TrainLedger ledger = SyntheticRun.ledger(run.workload, run.ranks, output)) {
      run.feed(ledger);
      ledger.abandon(output, "Interrupted");
    }

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files)
          .containsExactlyInAnyOrder(folder.resolve("report.json"), folder.resolve("dlio.log"));
    }
    JsonNode report = SinkFixture.json(folder.resolve("report.json"));
    assertThat(report.get("verdict").asText()).isEqualTo("INVALID");
    assertThat(report.get("partial").asBoolean()).isTrue();
    assertThat(SinkFixture.texts(report.get("reasons")))
        .containsExactly("Interrupted", "epoch 2: 0 of 2 ranks ended it");
    assertThat(report.get("passes")).hasSize(1);
  }

  @Test
  void liveFiguresFollowTheRun() throws IOException {
    SyntheticRun run = new SyntheticRun(workload(12), 2);
    try (OutputFolder output = new OutputFolder(SinkFixture.location(folder), StorageOptions.NONE);
        TrainLedger ledger = SyntheticRun.ledger(run.workload, run.ranks, output)) {
      assertThat(ledger.live()).isEqualTo(new Ledger.LiveFigures(0, 0, 1));
      run.feed(ledger);

      assertThat(ledger.live().stepsDone()).isEqualTo(12);
      assertThat(ledger.live().epoch()).isEqualTo(2);
      assertThat(ledger.live().auPercent()).isBetween(1.0, 100.0);
    }
  }

  @Test
  void aRecordOfAGenerationDoesNotBelongHere() throws IOException {
    try (OutputFolder output = new OutputFolder(SinkFixture.location(folder), StorageOptions.NONE);
        TrainLedger ledger = SyntheticRun.ledger(workload(12), 2, output)) {
      WriteInterval stray =
          new WriteInterval(0, "h", 1, 0, 1, new Histogram(3), 0, 1, IoCounts.ZERO, true);

      assertThatThrownBy(() -> ledger.accept(stray))
          .isInstanceOf(IOException.class)
          .hasMessage("Not a record of a training run: " + stray);
    }
  }
}
