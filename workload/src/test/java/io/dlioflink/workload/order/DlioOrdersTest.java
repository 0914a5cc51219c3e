/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.WorkloadFixture;
import io.dlioflink.workload.random.PhiloxRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The orders of DLIO's loaders against {@link NaiveDlio}, over random shapes. */
class DlioOrdersTest {
  private static final int CASES = 500;
  private static final long GRAPH_SEED = 87654321;

  /** A random workload, its plan and what DLIO makes of both. */
  private record Case(
      List<String> overrides, Workload workload, StepPlan plan, NaiveDlio dlio, DatasetPart part) {

    static Case random(Random random, String format, String... loader) {
      int samplesPerFile = random.nextBoolean() ? 1 : 1 + random.nextInt(9);
      int ranks = 1 + random.nextInt(6);
      int batchSize = 1 + random.nextInt(5);
      int threads = random.nextInt(6);
      int subfolders = random.nextInt(4);
      int fewest = (ranks * batchSize + samplesPerFile - 1) / samplesPerFile;
      List<String> overrides =
          new ArrayList<>(
              List.of(
                  "reader.sample_order=dlio",
                  "dataset.format=" + format,
                  "dataset.num_files_train=" + (fewest + random.nextInt(40)),
                  "dataset.num_files_eval=" + (fewest + random.nextInt(20)),
                  "dataset.num_samples_per_file=" + samplesPerFile,
                  "dataset.num_subfolders_train=" + subfolders,
                  "dataset.num_subfolders_eval=" + subfolders,
                  "reader.batch_size=" + batchSize,
                  "reader.batch_size_eval=" + batchSize,
                  "reader.read_threads=" + threads,
                  "reader.shuffle_size=" + (1 + random.nextInt(30)),
                  "reader.prefetch_size=" + random.nextInt(4),
                  "reader.sample_shuffle=" + (random.nextBoolean() ? "seed" : "off"),
                  "reader.file_shuffle=" + (random.nextBoolean() ? "seed" : "off"),
                  "train.epochs=9",
                  "train.seed=" + random.nextInt(),
                  "train.seed_change_epoch=" + random.nextBoolean(),
                  "train.total_training_steps=" + (random.nextInt(3) == 0 ? 2 : -1)));
      overrides.replaceAll(text -> text.replace("seed=-", "seed="));
      overrides.addAll(List.of(loader));
      DatasetPart part = random.nextBoolean() ? DatasetPart.TRAIN : DatasetPart.VALID;
      Workload workload = WorkloadFixture.workload(overrides.toArray(String[]::new));
      StepPlan plan = StepPlan.of(workload, part, ranks);
      int available = (int) plan.availableSteps() * batchSize * ranks;
      NaiveDlio dlio =
          new NaiveDlio(
              (available + samplesPerFile - 1) / samplesPerFile,
              samplesPerFile,
              available,
              ranks,
              batchSize,
              Math.max(1, threads),
              subfolders,
              (int) plan.steps());
      return new Case(overrides, workload, plan, dlio, part);
    }

    void assertReads(int epoch, BiFunction<Integer, Integer, List<Long>> expected) {
      SampleOrder.Epoch order = SampleOrders.of(workload, part, plan).epoch(epoch);
      List<Long> all = new ArrayList<>();
      for (int rank = 0; rank < plan.ranks(); rank++) {
        List<Long> naive = expected.apply(rank, epoch);
        assertThat(read(order, plan, rank))
            .as("%s rank %d %s", part, rank, overrides)
            .isEqualTo(naive);
        all.addAll(naive);
      }
      assertTally(order, all);
    }

    private void assertTally(SampleOrder.Epoch order, List<Long> all) {
      OrderTally tally = OrderTally.of(order, plan, id -> {});
      List<Long> read = all.stream().filter(id -> id >= 0).toList();
      long distinct = read.stream().distinct().count();
      long once =
          read.stream().distinct().filter(id -> Collections.frequency(read, id) == 1).count();
      assertThat(tally.reads()).isEqualTo(read.size());
      assertThat(tally.padding()).isEqualTo(all.size() - read.size());
      assertThat(tally.distinct())
          .contains(new OrderTally.Distinct(distinct - once, plan.totalSamples() - distinct));
      assertThat(tally.coverage()).isEqualTo(CoverageProof.sum(read.stream().mapToLong(id -> id)));
      order
          .leftOut()
          .ifPresent(
              leftOut ->
                  assertThat(CoverageProof.sumOfAll(plan) - CoverageProof.sum(leftOut))
                      .isEqualTo(tally.coverage()));
    }
  }

  private static List<Long> read(SampleOrder.Epoch order, StepPlan plan, int rank) {
    return LongStream.range(0, plan.samplesPerRank())
        .mapToObj(position -> order.sampleAt(rank, position))
        .toList();
  }

  @Test
  void pytorchAndDaliReadContiguousShares() {
    Random random = new Random(1);
    for (int i = 0; i < CASES; i++) {
      Case pytorch = Case.random(random, "npz", "framework=pytorch", "reader.data_loader=pytorch");
      pytorch.assertReads(1 + random.nextInt(4), (rank, epoch) -> pytorch.dlio.index(rank));
      Case dali = Case.random(random, "npy", "framework=pytorch", "reader.data_loader=dali");
      dali.assertReads(1 + random.nextInt(4), (rank, epoch) -> dali.dlio.index(rank));
    }
  }

  @Test
  void tensorflowReadsMostFormatsAsItsIterativeSamplerSays() {
    Random random = new Random(2);
    for (int i = 0; i < CASES; i++) {
      Case some = Case.random(random, "npz");
      some.assertReads(
          1 + random.nextInt(4),
          (rank, epoch) -> some.dlio.iterative(rank, shuffledFiles(some, epoch)));
    }
  }

  private static List<Integer> shuffledFiles(Case some, int epoch) {
    List<Integer> own = some.dlio.allFiles();
    if (some.overrides.contains("reader.file_shuffle=off")) {
      return own;
    }
    boolean train = some.part == DatasetPart.TRAIN;
    StepPlan otherPlan =
        StepPlan.of(
            some.workload, train ? DatasetPart.VALID : DatasetPart.TRAIN, some.plan.ranks());
    List<Integer> other =
        new ArrayList<>(
            LongStream.range(0, otherPlan.trimmedFiles()).mapToObj(f -> (int) f).toList());
    NaiveDlio.reconfigure(
        train ? own : other,
        train ? other : own,
        some.workload.train().seed(),
        some.workload.train().seedChangeEpoch(),
        epoch);
    return own;
  }

  @Test
  void tensorflowReadsTfrecordAsItsPipelineSays() {
    Random random = new Random(3);
    for (int i = 0; i < CASES; i++) {
      Case some = Case.random(random, "tfrecord");
      boolean off = some.overrides.contains("reader.sample_shuffle=off");
      int bufferSize = off ? 0 : some.workload.reader().shuffleSize();
      long seed = some.workload.train().seed() % Integer.MAX_VALUE;
      some.assertReads(
          1, (rank, epoch) -> some.dlio.tfRecord(rank, bufferSize, () -> buffers(seed)));
    }
  }

  /** The numbers of the first, second, ... shuffle buffer of a pipeline. */
  private static Iterator<PhiloxRandom> buffers(long seed) {
    PhiloxRandom seeds = new PhiloxRandom(GRAPH_SEED, seed);
    return LongStream.iterate(0, i -> i + 1)
        .mapToObj(i -> new PhiloxRandom(seeds.nextWord(), seeds.nextWord()))
        .iterator();
  }

  /** Taken from TensorFlow 2.21: the pipeline of DLIO's tf_reader.py, read for three epochs. */
  @Test
  void theShuffleBufferIsTensorflows() {
    Workload workload =
        WorkloadFixture.workload(
            "reader.sample_order=dlio",
            "dataset.num_files_train=10",
            "dataset.num_samples_per_file=4",
            "reader.batch_size=2",
            "reader.read_threads=2",
            "reader.sample_shuffle=seed",
            "reader.shuffle_size=5",
            "train.epochs=3",
            "train.seed=123");
    StepPlan plan = StepPlan.of(workload, DatasetPart.TRAIN, 2);
    SampleOrder order = SampleOrders.of(workload, DatasetPart.TRAIN, plan);
    assertThat(order.description())
        .isEqualTo(
            "dlio(tensorflow tfrecord: every R-th file, 2 interleaved, sample_shuffle=seed, buffer"
                + " of 5, philox)");
    assertThat(read(order.epoch(1), plan, 0))
        .containsExactly(
            0L, 8L, 3L, 9L, 11L, 16L, 1L, 10L, 2L, 17L, 26L, 18L, 27L, 24L, 33L, 35L, 19L, 32L, 25L,
            34L);
    assertThat(read(order.epoch(2), plan, 1))
        .containsExactly(
            4L, 12L, 13L, 7L, 5L, 28L, 21L, 20L, 29L, 14L, 23L, 30L, 36L, 37L, 6L, 15L, 39L, 22L,
            38L, 31L);
    assertThat(read(order.epoch(3), plan, 0))
        .containsExactly(
            9L, 1L, 10L, 3L, 2L, 8L, 0L, 25L, 16L, 24L, 11L, 17L, 27L, 32L, 19L, 35L, 18L, 34L, 33L,
            26L);
  }

  /** From a run of the same pipeline without shuffling: the second rank's files run out. */
  @Test
  void aTfrecordRankWithFewerRecordsThanStepsStartsOver() {
    Workload workload =
        WorkloadFixture.workload(
            "reader.sample_order=dlio",
            "dataset.num_files_train=7",
            "dataset.num_samples_per_file=3",
            "reader.batch_size=2",
            "reader.read_threads=3");
    StepPlan plan = StepPlan.of(workload, DatasetPart.TRAIN, 2);
    SampleOrder.Epoch epoch = SampleOrders.of(workload, DatasetPart.TRAIN, plan).epoch(1);
    assertThat(read(epoch, plan, 0)).containsExactly(0L, 6L, 12L, 1L, 7L, 13L, 2L, 8L, 14L, 18L);
    assertThat(read(epoch, plan, 1)).containsExactly(3L, 9L, 15L, 4L, 10L, 16L, 5L, 11L, 3L, 9L);
  }

  @Test
  void nativeDaliReadsTheFirstShardOnEveryRank() {
    Random random = new Random(4);
    for (int i = 0; i < CASES; i++) {
      Case some =
          Case.random(
              random,
              "npy",
              "dataset.num_samples_per_file=1",
              "framework=pytorch",
              "reader.data_loader=native_dali",
              "reader.sample_shuffle=off");
      NaiveDlio dlio =
          new NaiveDlio(
              (int) some.plan.trimmedFiles(),
              1,
              (int) some.plan.trimmedSamples(),
              some.plan.ranks(),
              some.plan.batchSize(),
              1,
              0,
              (int) some.plan.steps());
      some.assertReads(2, (rank, epoch) -> dlio.nativeDali());
    }
  }

  @ParameterizedTest
  @CsvSource({"npy, true", "tfrecord, true", "jpeg, false", "png, false"})
  void nativeDaliShufflesWithinItsShard(String format, boolean randomIsFixed) {
    List<String> overrides =
        List.of(
            "framework=pytorch",
            "reader.data_loader=native_dali",
            "reader.sample_order=dlio",
            "reader.shuffle_size=7",
            "dataset.num_files_train=40",
            "dataset.format=" + format);
    for (String shuffle : List.of("seed", "random")) {
      List<String> all = new ArrayList<>(overrides);
      all.add("reader.sample_shuffle=" + shuffle);
      Workload workload = WorkloadFixture.workload(all.toArray(String[]::new));
      StepPlan plan = StepPlan.of(workload, DatasetPart.TRAIN, 4);
      SampleOrder order = SampleOrders.of(workload, DatasetPart.TRAIN, plan);
      List<Long> first = read(order.epoch(1), plan, 0);
      boolean fixed = randomIsFixed && shuffle.equals("random");
      assertThat(first).doesNotHaveDuplicates().hasSize(10);
      assertThat(read(order.epoch(1), plan, 3)).containsExactlyInAnyOrderElementsOf(first);
      assertThat(read(order.epoch(1), plan, 3).equals(first)).isEqualTo(fixed);
      assertThat(read(order.epoch(2), plan, 0).equals(first)).isEqualTo(fixed);
    }
  }

  @Test
  void theSyntheticLoaderReadsNothingAndLosesAStepWithOneRank() {
    Workload workload =
        WorkloadFixture.workload("reader.sample_order=dlio", "reader.data_loader=synthetic");
    StepPlan one = StepPlan.of(workload, DatasetPart.TRAIN, 1);
    StepPlan two = StepPlan.of(workload, DatasetPart.TRAIN, 2);
    assertThat(one.steps()).isEqualTo(7);
    assertThat(two.steps()).isEqualTo(4);
    SampleOrder.Epoch epoch = SampleOrders.of(workload, DatasetPart.TRAIN, two).epoch(1);
    assertThat(read(epoch, two, 1)).containsOnly(SampleOrder.PADDING).hasSize(4);
    Workload declared = WorkloadFixture.workload("reader.data_loader=synthetic");
    assertThat(StepPlan.of(declared, DatasetPart.TRAIN, 1).steps()).isEqualTo(8);
  }

  @Test
  void anyPositionMayBeAskedFor() {
    Random random = new Random(5);
    for (String format : List.of("tfrecord", "npz")) {
      Case some = Case.random(random, format);
      SampleOrder order = SampleOrders.of(some.workload, some.part, some.plan);
      List<List<Long>> ascending = new ArrayList<>();
      for (int rank = 0; rank < some.plan.ranks(); rank++) {
        ascending.add(read(order.epoch(2), some.plan, rank));
      }
      SampleOrder.Epoch epoch = order.epoch(2);
      for (int i = 0; i < 300; i++) {
        int rank = random.nextInt(some.plan.ranks());
        int position = random.nextInt((int) some.plan.samplesPerRank());
        assertThat(epoch.sampleAt(rank, position)).isEqualTo(ascending.get(rank).get(position));
      }
    }
  }

  @Test
  void aHugeDatasetNeedsTheMemoryOfItsBuffer() {
    Workload workload =
        WorkloadFixture.workload(
            "reader.sample_order=dlio",
            "dataset.num_files_train=1000000",
            "dataset.num_samples_per_file=1000",
            "reader.batch_size=100",
            "reader.read_threads=8",
            "reader.sample_shuffle=seed");
    StepPlan plan = StepPlan.of(workload, DatasetPart.TRAIN, 8);
    SampleOrder.Epoch epoch = SampleOrders.of(workload, DatasetPart.TRAIN, plan).epoch(1);
    for (int position = 0; position < 5000; position++) {
      assertThat(epoch.sampleAt(7, position) / 1000 % 8).isEqualTo(7);
    }
  }
}
