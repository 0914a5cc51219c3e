/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.format.DatasetMarker;
import io.dlioflink.source.DatasetSource;
import io.dlioflink.source.DatasetSource.BarrierEndpoint;
import io.dlioflink.source.DatasetSource.Purpose;
import io.dlioflink.source.SourceFixture;
import io.dlioflink.source.barrier.BarrierTicket;
import io.dlioflink.source.barrier.PortRange;
import io.dlioflink.source.barrier.StepBarrier;
import io.dlioflink.source.dataset.DatasetException;
import io.dlioflink.source.split.DatasetSplit;
import io.dlioflink.storage.Storage;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetEnumeratorTest {
  private static final String HERE = "127.0.0.1";

  @TempDir private Path root;
  private FakeEnumeratorContext context;
  private DatasetEnumerator enumerator;

  @AfterEach
  void close() {
    if (enumerator != null) {
      enumerator.close();
    }
  }

  private static Workload training() {
    return SourceFixture.workload(
        "dataset.num_files_train=10", "reader.batch_size=2", "train.epochs=2");
  }

  private DatasetSource.Settings settings(Purpose purpose, Workload workload, int ranks) {
    return new DatasetSource.Settings(
        purpose, workload, SourceFixture.location(root), ranks, BarrierEndpoint.DEFAULT);
  }

  private void open(DatasetSource.Settings settings) {
    context = new FakeEnumeratorContext(settings.ranks());
    enumerator = DatasetEnumerator.fresh(context, settings);
    enumerator.start();
  }

  private void openTraining(Workload workload, int ranks) throws IOException {
    SourceFixture.write(workload, DatasetPart.TRAIN, root);
    open(settings(Purpose.TRAIN, workload, ranks));
  }

  private void register(int rank, String jvm) {
    register(rank, jvm, null);
  }

  private void register(int rank, String jvm, Integer restoredPass) {
    context.register(rank, HERE);
    enumerator.addReader(rank);
    enumerator.handleSourceEvent(rank, new RegisterEvent(jvm, restoredPass));
  }

  @Test
  void nothingStartsBeforeAllHaveRegistered() throws IOException {
    openTraining(training(), 3);
    context.runPendingCalls();

    register(0, "jvm");
    register(2, "jvm");
    enumerator.handleSplitRequest(0, HERE);

    assertThat(context.starts).isEmpty();
    assertThat(context.splits).isEmpty();
    register(1, "jvm");
    assertThat(context.starts).containsOnlyKeys(0, 1, 2);
    assertThat(context.noMoreSplits).containsExactly(0, 1, 2);
  }

  @Test
  void nothingStartsBeforeTheDatasetWasLookedAt() throws IOException {
    openTraining(training(), 2);
    register(0, "jvm");
    register(1, "jvm");

    assertThat(context.starts).isEmpty();
    context.runPendingCalls();
    assertThat(context.starts).containsOnlyKeys(0, 1);
  }

  @Test
  void everyRankGetsItsShareOfTheFirstPassToGoOnFrom() throws IOException {
    openTraining(training(), 2);
    register(0, "jvm");
    register(1, "jvm");
    context.runPendingCalls();

    for (int rank = 0; rank < 2; rank++) {
      assertThat(context.splits.get(rank)).containsExactly(new DatasetSplit(0, rank, 0, 4));
      assertThat(context.starts.get(rank).rank()).isEqualTo(rank);
      assertThat(context.starts.get(rank).ranks()).isEqualTo(2);
      assertThat(context.starts.get(rank).facts().derivedSizes()).isTrue();
    }
  }

  @Test
  void ranksOfOneJvmMeetWithoutAServer() throws IOException {
    openTraining(training(), 2);
    register(0, "jvm");
    register(1, "jvm");
    context.runPendingCalls();

    BarrierTicket ticket = context.starts.get(0).ticket();
    assertThat(ticket.localParties()).isEqualTo(2);
    assertThat(ticket.server()).isNull();
    assertThat(context.starts.get(1).ticket()).isEqualTo(ticket);
  }

  @Test
  void severalJvmsMeetAtAServerThatAnswers() throws Exception {
    openTraining(training(), 3);
    register(0, "one");
    register(1, "two");
    register(2, "one");
    context.runPendingCalls();

    assertThat(context.starts.values().stream().map(start -> start.ticket().localParties()))
        .containsExactly(2, 1, 2);
    BarrierTicket ticket = context.starts.get(1).ticket();
    assertThat(ticket.server().hosts()).containsExactly("127.0.0.1");
    assertThat(ticket.server().port()).isPositive();
    try (StepBarrier barrier = StepBarrier.join(ticket)) {
      barrier.leave();
    }
  }

  @Test
  void aWildcardAddressIsNotAdvertised() throws IOException {
    SourceFixture.write(training(), DatasetPart.TRAIN, root);
    open(
        new DatasetSource.Settings(
            Purpose.TRAIN,
            training(),
            SourceFixture.location(root),
            2,
            new BarrierEndpoint("0.0.0.0", PortRange.ANY)));
    register(0, "one");
    register(1, "two");
    context.runPendingCalls();

    assertThat(context.starts.get(0).ticket().server().hosts()).doesNotContain("0.0.0.0");
  }

  @Test
  void ranksThatComeBackStartAgainAsANewRun() throws IOException {
    openTraining(training(), 2);
    register(0, "jvm");
    register(1, "jvm");
    context.runPendingCalls();
    String firstRun = context.starts.get(0).ticket().runId();
    List<List<DatasetSplit>> lost =
        List.of(List.copyOf(context.splits.get(0)), List.copyOf(context.splits.get(1)));
    context.forget();

    enumerator.addSplitsBack(lost.get(0), 0);
    enumerator.addSplitsBack(lost.get(1), 1);
    register(1, "jvm");
    assertThat(context.starts).isEmpty();
    register(0, "jvm");

    assertThat(context.starts).containsOnlyKeys(0, 1);
    assertThat(context.starts.get(0).ticket().runId())
        .isNotEqualTo(firstRun)
        .isEqualTo(context.starts.get(1).ticket().runId());
    assertThat(context.splits).containsOnlyKeys(0, 1);
    assertThat(context.splits.get(1)).isEqualTo(lost.get(1));
  }

  @Test
  void aRankThatKeepsItsSplitsInItsStateGetsThemOnlyOnce() throws IOException {
    openTraining(training(), 2);
    register(0, "jvm");
    register(1, "jvm");
    context.runPendingCalls();
    context.forget();

    enumerator.addSplitsBack(List.of(), 0);
    enumerator.addSplitsBack(List.of(), 1);
    register(0, "jvm", 1);
    register(1, "jvm", 1);

    assertThat(context.starts).containsOnlyKeys(0, 1);
    assertThat(context.splits).isEmpty();
    assertThat(context.noMoreSplits).containsExactly(0, 1);
  }

  @Test
  void allBeginWithTheFirstPassThatOneOfThemHadNotEnded() throws IOException {
    openTraining(training(), 3);
    for (int rank = 0; rank < 3; rank++) {
      register(rank, "jvm");
    }
    context.runPendingCalls();
    assertThat(context.starts.get(2).progress().firstPass()).isZero();
    context.forget();

    for (int rank = 0; rank < 3; rank++) {
      enumerator.addSplitsBack(List.of(), rank);
    }
    register(0, "jvm", 2);
    register(1, "jvm", 1);
    register(2, "jvm", 2);

    assertThat(context.starts.values())
        .extracting(start -> start.progress().firstPass())
        .containsExactly(1, 1, 1);
    assertThat(context.splits).isEmpty();
  }

  @Test
  void aRankWhoseStateWasDroppedBecauseItHadEndedIsGivenItsShareAgain() throws IOException {
    openTraining(training(), 2);
    register(0, "jvm");
    register(1, "jvm");
    context.runPendingCalls();
    context.forget();

    enumerator.addSplitsBack(List.of(), 0);
    enumerator.addSplitsBack(List.of(), 1);
    register(0, "jvm", null);
    register(1, "jvm", 1);

    assertThat(context.starts.get(0).progress().firstPass()).isEqualTo(1);
    assertThat(context.splits).containsOnlyKeys(0);
    assertThat(context.splits.get(0)).containsExactly(new DatasetSplit(1, 0, 0, 4));
  }

  @Test
  void theStateHoldsWhoStillWaits() throws IOException {
    openTraining(training(), 2);
    assertThat(enumerator.snapshotState(1).unassignedRanks()).containsExactlyInAnyOrder(0, 1);
    register(0, "jvm");
    register(1, "jvm");
    context.runPendingCalls();

    assertThat(enumerator.snapshotState(2).unassignedRanks()).isEmpty();
  }

  @Test
  void aRestoredEnumeratorAssignsOnlyWhatWasLeft() throws IOException {
    SourceFixture.write(training(), DatasetPart.TRAIN, root);
    context = new FakeEnumeratorContext(2);
    enumerator =
        DatasetEnumerator.restored(
            context, settings(Purpose.TRAIN, training(), 2), new DatasetEnumeratorState(Set.of(1)));
    enumerator.start();
    register(0, "jvm", 0);
    register(1, "jvm");
    context.runPendingCalls();

    assertThat(context.splits).containsOnlyKeys(1);
    assertThat(context.starts).containsOnlyKeys(0, 1);
  }

  @ParameterizedTest
  @CsvSource({"10, 0, 3", "10, 5, 4", "3, 0, 8", "1, 0, 1", "1001, 17, 13"})
  void generationCoversEachFileOnce(int train, int eval, int ranks) {
    open(
        settings(
            Purpose.GENERATE,
            SourceFixture.workload(
                "dataset.num_files_train=" + train, "dataset.num_files_eval=" + eval),
            ranks));
    for (int rank = 0; rank < ranks; rank++) {
      register(rank, "jvm" + rank);
    }
    context.runPendingCalls();

    List<Long> numbers =
        context.splits.values().stream()
            .flatMap(List::stream)
            .flatMap(split -> LongStream.range(split.position(), split.end()).boxed())
            .sorted()
            .toList();
    assertThat(numbers).hasSize(train + eval).doesNotHaveDuplicates();
    assertThat(numbers.get(0)).isZero();
    assertThat(numbers.get(numbers.size() - 1)).isEqualTo(train + eval - 1);
    assertThat(context.noMoreSplits).hasSize(ranks);
    assertThat(context.starts.get(0).ticket().server()).isNull();
  }

  @Test
  void generationMarksTheFolderAndResumesOnlyItsOwn() throws IOException {
    Workload workload = SourceFixture.workload("dataset.num_files_train=2");
    assertThat(resumable(workload)).isFalse();
    try (Storage storage = SourceFixture.storage(root)) {
      assertThat(DatasetMarker.read(storage, SourceFixture.location(root)))
          .contains(DatasetMarker.of(workload.dataset(), DatasetMarker.State.GENERATING));
    }

    assertThat(resumable(workload)).isTrue();
    assertThat(
            resumable(
                SourceFixture.workload("dataset.num_files_train=2", "dataset.file_prefix=foo")))
        .isFalse();
    assertThat(resumable(SourceFixture.workload("dataset.num_files_train=3"))).isFalse();
  }

  @Test
  void generationMakesTheFolderOfEvaluationFilesEvenIfThereAreNone() {
    assertThat(resumable(SourceFixture.workload("dataset.num_files_eval=0"))).isFalse();
    assertThat(root.resolve("valid")).isEmptyDirectory();
  }

  private boolean resumable(Workload workload) {
    open(settings(Purpose.GENERATE, workload, 1));
    register(0, "jvm");
    context.runPendingCalls();
    return context.starts.get(0).facts().ours();
  }

  @Test
  void aFailedLookAtTheDatasetFailsTheRunWithItsReason() {
    open(settings(Purpose.TRAIN, training(), 1));
    register(0, "jvm");

    assertThatThrownBy(context::runPendingCalls)
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            "The dataset folder %s/train does not exist; 10 npy files are expected in it"
                .formatted(root))
        .hasCauseInstanceOf(DatasetException.class);
    assertThat(context.starts).isEmpty();
    assertThat(Files.exists(root.resolve(DatasetMarker.FILE_NAME))).isFalse();
  }

  @Test
  void anotherParallelismThanTheRanksIsRefused() {
    context = new FakeEnumeratorContext(3);
    enumerator = DatasetEnumerator.fresh(context, settings(Purpose.TRAIN, training(), 2));

    assertThatThrownBy(enumerator::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("2 ranks need a parallelism of 2, found 3");
  }
}
