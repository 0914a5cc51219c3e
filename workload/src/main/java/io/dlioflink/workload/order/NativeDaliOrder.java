/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import io.dlioflink.workload.FileFormat;
import io.dlioflink.workload.ReaderConfig;
import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.Shuffle;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.random.PhiloxRandom;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * What DLIO's native_dali loader does: it names the number of shards but no shard, so that every
 * rank reads the first one; over and over while steps remain, the last batch of a round filled up.
 * A shard is {@code floor(records / ranks)} records of TFRecord files, in other formats so many
 * files, of which the first sample is read. With {@code sample_shuffle} the list of files is
 * shuffled (not that of records) and a buffer of {@code shuffle_size} is drawn from: with {@code
 * random} all ranks and epochs draw the same from npy and TFRecord files; else, from jpeg and png
 * files always, each its own. The numbers are not DALI's, their distribution is.
 *
 * <p>Source: DLIO {@code data_loader/native_dali_data_loader.py} and {@code reader/dali_*.py}. DLIO
 * also adds a pipeline in every epoch and so reads twice as much in the second; that is not done
 * here.
 *
 * @param plan shares
 * @param format of the files; shards of TFRecord files are made of records, all others of files
 * @param shuffle off, seed or random
 * @param bufferSize samples in the shuffle buffer
 * @param seed {@code train.seed}
 */
record NativeDaliOrder(StepPlan plan, FileFormat format, Shuffle shuffle, int bufferSize, long seed)
    implements SampleOrder {
  /** The seed DALI shuffles lists of files with, on every rank. */
  private static final long LIST_SEED = 524287;

  static NativeDaliOrder of(Workload workload, StepPlan plan) {
    ReaderConfig reader = workload.reader();
    return new NativeDaliOrder(
        plan,
        workload.dataset().format(),
        reader.sampleShuffle(),
        reader.shuffleSize(),
        workload.train().seed());
  }

  @Override
  public String description() {
    return "dlio(native_dali: every rank reads the first shard, %s)"
        .formatted(
            shuffle == Shuffle.OFF
                ? "no shuffling"
                : "sample_shuffle=%s, buffer of %d, distribution as DALI's"
                    .formatted(shuffle.yamlName(), bufferSize));
  }

  @Override
  public boolean sameInEveryEpoch() {
    return shuffle == Shuffle.OFF || fixedSeed();
  }

  @Override
  public Epoch epoch(int epoch) {
    Permutation list =
        shuffle == Shuffle.OFF || ofRecords()
            ? position -> position
            : Permutation.of(LIST_SEED, plan.trimmedFiles());
    return new RoundsEpoch(plan, rank -> rounds(rank, epoch, list));
  }

  private boolean ofRecords() {
    return format == FileFormat.TFRECORD;
  }

  /** Only these readers of DLIO's hand DALI a seed. */
  private boolean fixedSeed() {
    return shuffle == Shuffle.RANDOM && (format == FileFormat.NPY || ofRecords());
  }

  private RankRounds rounds(int rank, int epoch, Permutation list) {
    boolean records = ofRecords();
    long units = records ? plan.trimmedSamples() : plan.trimmedFiles();
    long shard = Math.max(1, units / plan.ranks());
    long incomplete = shard % plan.batchSize();
    boolean fixed = fixedSeed();
    Optional<LongFunction<PhiloxRandom>> shuffling =
        shuffle == Shuffle.OFF
            ? Optional.empty()
            : Optional.of(
                round ->
                    new PhiloxRandom(
                        CoverageProof.hash(fixed ? seed : seed + ((long) epoch << 32) + rank),
                        round));
    return new RankRounds(
        position -> records ? position : list.at(position) * plan.samplesPerFile(),
        shard,
        1,
        0,
        shard,
        incomplete == 0 ? 0 : plan.batchSize() - incomplete,
        shuffling,
        bufferSize);
  }
}
