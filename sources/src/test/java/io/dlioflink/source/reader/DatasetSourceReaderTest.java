/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.dlioflink.source.BatchRequest;
import io.dlioflink.source.DatasetSource;
import io.dlioflink.source.DatasetSource.BarrierEndpoint;
import io.dlioflink.source.DatasetSource.Purpose;
import io.dlioflink.source.RankProgress;
import io.dlioflink.source.RunStart;
import io.dlioflink.source.SourceFixture;
import io.dlioflink.source.barrier.BarrierTicket;
import io.dlioflink.source.barrier.StepBarrier;
import io.dlioflink.source.dataset.DatasetFacts;
import io.dlioflink.source.enumerator.RegisterEvent;
import io.dlioflink.source.enumerator.RunStartEvent;
import io.dlioflink.source.split.DatasetSplit;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.Workload;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.flink.core.io.InputStatus;
import org.junit.jupiter.api.Test;

class DatasetSourceReaderTest {
  private final FakeReaderContext context = new FakeReaderContext(0);
  private final CollectedOutput output = new CollectedOutput();

  private static DatasetSource.Settings settings(Purpose purpose, int ranks, Workload workload) {
    return new DatasetSource.Settings(
        purpose, workload, Location.parse("/data"), ranks, BarrierEndpoint.DEFAULT);
  }

  private static DatasetSource.Settings training(int ranks) {
    return settings(
        Purpose.TRAIN,
        ranks,
        SourceFixture.workload(
            "dataset.num_files_train=11",
            "dataset.num_samples_per_file=3",
            "reader.batch_size=4",
            "reader.sample_shuffle=seed",
            "train.seed_change_epoch=True",
            "train.epochs=3"));
  }

  private static DatasetSource.Settings generation() {
    return settings(
        Purpose.GENERATE,
        1,
        SourceFixture.workload(
            "dataset.num_files_train=1000", "dataset.record_length_bytes=100000"));
  }

  private static RunStartEvent start(int rank, int ranks) {
    return start(rank, ranks, 0);
  }

  private static RunStartEvent start(int rank, int ranks, int firstPass) {
    return new RunStartEvent(
        new RunStart(
            rank,
            ranks,
            new BarrierTicket("run", ranks, null),
            DatasetFacts.forGeneration(false),
            new RankProgress(firstPass),
            0));
  }

  private static List<DatasetSplit> splits(DatasetSource.Settings settings, int rank) {
    return List.of(new DatasetSplit(0, rank, 0, settings.passes().get(0).plan().samplesPerRank()));
  }

  private DatasetSourceReader started(
      DatasetSource.Settings settings, int rank, List<DatasetSplit> splits) {
    DatasetSourceReader reader = new DatasetSourceReader(context, settings);
    reader.start();
    reader.handleSourceEvents(start(rank, settings.ranks()));
    reader.addSplits(splits);
    reader.notifyNoMoreSplits();
    return reader;
  }

  private void drain(DatasetSourceReader reader) {
    while (reader.pollNext(output) == InputStatus.MORE_AVAILABLE) {
      assertThat(output.signals).hasSizeLessThan(10_000);
    }
  }

  private List<BatchRequest> requests() {
    return output.signals.stream()
        .filter(BatchRequest.class::isInstance)
        .map(BatchRequest.class::cast)
        .toList();
  }

  @Test
  void aReaderSaysWhereItIs() {
    new DatasetSourceReader(context, training(1)).start();

    assertThat(context.sent).containsExactly(new RegisterEvent(StepBarrier.jvmId(), null));
  }

  @Test
  void nothingIsEmittedBeforeTheStartHoweverEarlyTheSplitsCome() {
    DatasetSourceReader reader = new DatasetSourceReader(context, training(1));
    reader.addSplits(splits(training(1), 0));
    reader.notifyNoMoreSplits();

    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    assertThat(reader.isAvailable()).isNotDone();
    reader.handleSourceEvents(start(0, 1));
    assertThat(reader.isAvailable()).isDone();
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.MORE_AVAILABLE);
    assertThat(output.signals).singleElement().isInstanceOf(RunStart.class);
  }

  @Test
  void theInputEndsOnlyWhenNoMoreSplitsWillCome() {
    DatasetSourceReader reader = new DatasetSourceReader(context, training(1));
    reader.handleSourceEvents(start(0, 1));
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.MORE_AVAILABLE);

    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    assertThat(reader.isAvailable()).isNotDone();
    reader.notifyNoMoreSplits();
    assertThat(reader.isAvailable()).isDone();
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.END_OF_INPUT);
  }

  @Test
  void theRequestsOfAllRanksCoverEverySampleOfAPassOnce() {
    DatasetSource.Settings settings = training(2);
    for (int rank = 0; rank < 2; rank++) {
      drain(started(settings, rank, splits(settings, rank)));
    }

    for (Pass pass : settings.passes()) {
      List<Long> ids =
          requests().stream()
              .filter(request -> request.passIndex() == pass.index())
              .flatMapToLong(request -> Arrays.stream(request.ids()))
              .boxed()
              .toList();
      assertThat(ids).hasSize(32).doesNotHaveDuplicates().allMatch(id -> id >= 0 && id < 33);
    }
  }

  @Test
  void passesAndStepsComeInOrderWithFullBatches() {
    DatasetSource.Settings settings = training(2);

    drain(started(settings, 1, splits(settings, 1)));

    assertThat(output.signals.get(0)).isInstanceOf(RunStart.class);
    assertThat(requests())
        .extracting(BatchRequest::passIndex, BatchRequest::step)
        .isEqualTo(LongStream.range(0, 12).mapToObj(i -> tuple((int) (i / 4), i % 4 + 1)).toList());
    assertThat(requests()).allSatisfy(request -> assertThat(request.ids()).hasSize(4));
  }

  @Test
  void aSnapshotOfGenerationGoesOnWhereItWasTaken() {
    DatasetSource.Settings settings = generation();
    DatasetSourceReader first = started(settings, 0, List.of(new DatasetSplit(0, 0, 5, 30)));
    for (int poll = 0; poll < 2; poll++) {
      assertThat(first.pollNext(output)).isEqualTo(InputStatus.MORE_AVAILABLE);
    }

    assertThat(first.snapshotState(1)).containsExactly(new DatasetSplit(0, 0, 15, 30));
  }

  @Test
  void aSnapshotOfTrainingBeginsThePassAgainThatTheAcceleratorIsIn() {
    DatasetSource.Settings settings = training(2);
    drain(started(settings, 0, splits(settings, 0)));
    List<BatchRequest> whole = requests();
    output.signals.clear();

    DatasetSourceReader first = started(settings, 0, splits(settings, 0));
    RankProgress progress = null;
    for (int poll = 0; poll < 7; poll++) {
      assertThat(first.pollNext(output)).isEqualTo(InputStatus.MORE_AVAILABLE);
      progress = ((RunStart) output.signals.get(0)).progress();
    }
    assertThat(requests().get(requests().size() - 1).passIndex()).isEqualTo(1);
    assertThat(first.snapshotState(1)).isEqualTo(splits(settings, 0));
    progress.passEnded(0);
    List<DatasetSplit> state = first.snapshotState(2);
    output.signals.clear();

    drain(resumed(settings, state, 1));

    assertThat(ids()).isEqualTo(ids(whole.subList(4, 12)));
    assertThat(requests().get(0).step()).isEqualTo(1);
  }

  @Test
  void aRankThatWasAheadGoesBackToThePassAllBeginWith() {
    DatasetSource.Settings settings = training(2);

    drain(resumed(settings, List.of(DatasetSplit.ofPass(2, 0, settings.passes())), 1));

    assertThat(context.sent).containsExactly(new RegisterEvent(StepBarrier.jvmId(), 2));
    assertThat(requests()).extracting(BatchRequest::passIndex).containsOnly(1, 2).hasSize(8);
  }

  @Test
  void aRankThatHadEndedAllPassesEndsAtOnce() {
    DatasetSource.Settings settings = training(2);
    DatasetSourceReader first = started(settings, 0, splits(settings, 0));
    drain(first);
    ((RunStart) output.signals.get(0)).progress().passEnded(2);
    List<DatasetSplit> state = first.snapshotState(1);
    output.signals.clear();
    context.sent.clear();

    drain(resumed(settings, state, 3));

    assertThat(context.sent).containsExactly(new RegisterEvent(StepBarrier.jvmId(), 3));
    assertThat(requests()).isEmpty();
  }

  private DatasetSourceReader resumed(
      DatasetSource.Settings settings, List<DatasetSplit> state, int firstPass) {
    DatasetSourceReader reader = new DatasetSourceReader(context, settings);
    reader.addSplits(state);
    reader.start();
    reader.handleSourceEvents(start(0, settings.ranks(), firstPass));
    reader.notifyNoMoreSplits();
    return reader;
  }

  private List<List<Long>> ids() {
    return ids(requests());
  }

  private static List<List<Long>> ids(List<BatchRequest> requests) {
    return requests.stream().map(request -> Arrays.stream(request.ids()).boxed().toList()).toList();
  }

  @Test
  void filesToGenerateComeInHandfuls() {
    DatasetSource.Settings settings = generation();

    drain(started(settings, 0, List.of(new DatasetSplit(0, 0, 5, 30))));

    assertThat(ids())
        .containsExactly(
            LongStream.range(5, 15).boxed().toList(),
            LongStream.range(15, 25).boxed().toList(),
            LongStream.range(25, 30).boxed().toList());
  }

  @Test
  void smallFilesToGenerateAreCappedPerRequestAndLargeOnesComeSingly() {
    assertThat(filesOfFirstRequest(10)).isEqualTo(64);
    assertThat(filesOfFirstRequest(10_000_000)).isEqualTo(1);
  }

  private int filesOfFirstRequest(long recordBytes) {
    output.signals.clear();
    DatasetSource.Settings settings =
        settings(
            Purpose.GENERATE,
            1,
            SourceFixture.workload(
                "dataset.num_files_train=1000", "dataset.record_length_bytes=" + recordBytes));
    drain(started(settings, 0, List.of(new DatasetSplit(0, 0, 0, 1000))));
    assertThat(ids().stream().mapToInt(List::size).sum()).isEqualTo(1000);
    return ids().get(0).size();
  }

  @Test
  void aRankWithoutAShareEndsAtOnce() {
    drain(started(training(2), 1, List.of()));

    assertThat(output.signals).singleElement().isInstanceOf(RunStart.class);
  }
}
