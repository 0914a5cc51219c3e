/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.EvaluationConfig;
import io.dlioflink.workload.ReaderConfig;
import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.Shuffle;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.random.PhiloxRandom;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * What DLIO's tensorflow loader does with TFRecord files: the names are sorted by their full path;
 * with at least as many files as ranks, rank r takes every R-th file from r, else every R-th record
 * from r of all files; {@code read_threads} files are interleaved record by record; a shuffle
 * buffer; batches without the last short one; and from the first file again while steps remain. The
 * next epoch starts at the first file.
 *
 * <p>The shuffle buffer draws TensorFlow's own numbers, from {@code train.seed} with {@code
 * sample_shuffle: seed} and also with {@code random}, where DLIO's differ in every run. A buffer is
 * seeded anew whenever its input starts over, which the batches that are read ahead at the end of
 * an epoch cause, too: one round more per epoch is counted for them, as it is in TensorFlow unless
 * an epoch has about as few steps as there are batches read ahead. A rank whose files hold less
 * than one batch, which would end DLIO, goes on with the first file inside the batch.
 *
 * <p>Source: DLIO {@code reader/tf_reader.py}.
 *
 * @param plan shares
 * @param layout where the files lie
 * @param interleaved files read side by side
 * @param shuffle off, seed or random
 * @param bufferSize samples in the shuffle buffer
 * @param seed {@code train.seed}
 * @param readAhead batches read ahead
 * @param firstPass epoch of the first pass over the part
 * @param epochsPerPass epochs from one pass to the next
 */
record TfRecordOrder(
    StepPlan plan,
    PathOrder layout,
    int interleaved,
    Shuffle shuffle,
    int bufferSize,
    long seed,
    int readAhead,
    int firstPass,
    int epochsPerPass)
    implements SampleOrder {
  /** What tf.data takes for the graph's seed if only the operation has one. */
  private static final long DEFAULT_GRAPH_SEED = 87654321;

  private static final long MAX_SEED = Integer.MAX_VALUE;

  static TfRecordOrder of(Workload workload, DatasetPart part, StepPlan plan) {
    ReaderConfig reader = workload.reader();
    EvaluationConfig evaluation = workload.evaluation();
    boolean train = part == DatasetPart.TRAIN;
    return new TfRecordOrder(
        plan,
        new PathOrder(plan.trimmedFiles(), workload.dataset().numSubfolders(part)),
        Math.max(1, reader.readThreads()),
        reader.sampleShuffle(),
        reader.shuffleSize(),
        workload.train().seed(),
        reader.prefetchSize(),
        train ? 1 : evaluation.evalAfterEpoch(),
        train ? 1 : evaluation.epochsBetweenEvals());
  }

  @Override
  public String description() {
    String shuffled =
        shuffle == Shuffle.OFF
            ? "no shuffling"
            : "sample_shuffle=%s, buffer of %d, philox".formatted(shuffle.yamlName(), bufferSize);
    return "dlio(tensorflow tfrecord: %s, %d interleaved, %s)"
        .formatted(shardsFiles() ? "every R-th file" : "every R-th record", interleaved, shuffled);
  }

  private boolean shardsFiles() {
    return plan.trimmedFiles() >= plan.ranks();
  }

  @Override
  public boolean sameInEveryEpoch() {
    return shuffle == Shuffle.OFF;
  }

  @Override
  public Epoch epoch(int epoch) {
    int pass = (epoch - firstPass) / epochsPerPass;
    return new RoundsEpoch(plan, rank -> rounds(rank, pass));
  }

  private RankRounds rounds(int rank, long pass) {
    boolean shardsFiles = shardsFiles();
    long files = shardsFiles ? countOfEvery(plan.ranks(), rank, layout.files()) : layout.files();
    long records = files * plan.samplesPerFile();
    long kept = shardsFiles ? records : countOfEvery(plan.ranks(), rank, records);
    long perRound = kept >= plan.batchSize() ? kept - kept % plan.batchSize() : kept;
    long roundsPerPass =
        (plan.samplesPerRank() + (long) readAhead * plan.batchSize()) / perRound + 1;
    Optional<LongFunction<PhiloxRandom>> shuffling =
        shuffle == Shuffle.OFF
            ? Optional.empty()
            : Optional.of(round -> random(pass * roundsPerPass + round));
    return new RankRounds(
        position -> sample(rank, files, position),
        records,
        shardsFiles ? 1 : plan.ranks(),
        shardsFiles ? 0 : rank,
        perRound,
        0,
        shuffling,
        bufferSize);
  }

  private static long countOfEvery(int stride, int first, long count) {
    return (count - first + stride - 1) / stride;
  }

  /** The numbers of the n-th buffer: it is seeded with two words of the seed generator. */
  private PhiloxRandom random(long drawn) {
    PhiloxRandom seeds = new PhiloxRandom(DEFAULT_GRAPH_SEED, seed % MAX_SEED).at(2 * drawn);
    return new PhiloxRandom(seeds.nextWord(), seeds.nextWord());
  }

  /** The record at a position of the interleaved files of a rank. */
  private long sample(int rank, long files, long position) {
    long perGroup = (long) interleaved * plan.samplesPerFile();
    long firstFile = position / perGroup * interleaved;
    long together = Math.min(interleaved, files - firstFile);
    long inGroup = position % perGroup;
    long file = firstFile + inGroup % together;
    long byPath = shardsFiles() ? rank + file * plan.ranks() : file;
    return layout.fileAt(byPath) * plan.samplesPerFile() + inGroup / together;
  }
}
