/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.Shuffle;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.Workload;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What DLIO's tensorflow loader does with all formats but TFRecord. The first sample of a rank is
 * that of its own share of the files, all others are the first ones of the list, the same for every
 * rank; the share is cut into one piece per read thread; each thread makes batches of its piece and
 * fills the last one up with a constant, and the threads' batches come in turn. {@code
 * sample_shuffle} changes nothing of that, {@code file_shuffle} shuffles the list of the epoch
 * before.
 *
 * <p>Source: DLIO {@code utils/config.py} ({@code build_sample_map_iter}), {@code
 * reader/reader_handler.py}, {@code data_loader/tf_data_loader.py}. Above {@link
 * Permutation#NUMPY_LIMIT} files the list is a permutation without memory instead of NumPy's. Fewer
 * samples than threads, a division by zero in DLIO, are dealt out one each.
 *
 * @param plan shares
 * @param part which files
 * @param otherFiles files of the other part, which are shuffled with the same numbers
 * @param threads read threads
 * @param fileShuffle off, seed or random
 * @param seed {@code train.seed}
 * @param seedChangeEpoch whether the epoch is added to the seed
 */
record IterativeOrder(
    StepPlan plan,
    DatasetPart part,
    long otherFiles,
    int threads,
    Shuffle fileShuffle,
    long seed,
    boolean seedChangeEpoch)
    implements SampleOrder {

  static IterativeOrder of(Workload workload, DatasetPart part, StepPlan plan) {
    DatasetPart other = part == DatasetPart.TRAIN ? DatasetPart.VALID : DatasetPart.TRAIN;
    return new IterativeOrder(
        plan,
        part,
        StepPlan.of(workload, other, plan.ranks()).trimmedFiles(),
        Math.max(1, workload.reader().readThreads()),
        workload.reader().fileShuffle(),
        workload.train().seed(),
        workload.train().seedChangeEpoch());
  }

  @Override
  public String description() {
    String files =
        fileShuffle == Shuffle.OFF
            ? "no shuffling"
            : "file_shuffle=%s, permutation=%s"
                .formatted(fileShuffle.yamlName(), inMemory() ? "numpy" : "feistel");
    return "dlio(tensorflow iterative: same files for every rank, %d threads, %s)"
        .formatted(threads, files);
  }

  private boolean inMemory() {
    return plan.trimmedFiles() <= Permutation.NUMPY_LIMIT && otherFiles <= Permutation.NUMPY_LIMIT;
  }

  @Override
  public boolean sameInEveryEpoch() {
    return fileShuffle == Shuffle.OFF;
  }

  @Override
  public Epoch epoch(int epoch) {
    long perRank = plan.availableSteps() * plan.batchSize();
    ThreadShares shares = new ThreadShares(perRank, threads, plan.batchSize());
    return new Walk(plan, shares, files(epoch));
  }

  private Permutation files(int epoch) {
    if (fileShuffle == Shuffle.OFF) {
      return position -> position;
    }
    if (!inMemory()) {
      long epochSeed = seedChangeEpoch ? seed + epoch : seed;
      return new FeistelPermutation(epochSeed, plan.trimmedFiles());
    }
    boolean train = part == DatasetPart.TRAIN;
    int own = (int) plan.trimmedFiles();
    int other = (int) otherFiles;
    FileShuffles lists =
        FileShuffles.of(
            new FileShuffles.Key(
                seed, seedChangeEpoch, train ? own : other, train ? other : own, epoch));
    return train ? lists::train : lists::eval;
  }

  private record Walk(StepPlan plan, ThreadShares shares, Permutation files) implements Epoch {

    @Override
    public long sampleAt(int rank, long position) {
      Objects.checkIndex(rank, plan.ranks());
      Objects.checkIndex(position, plan.samplesPerRank());
      long inShare = shares.positionInShare(position);
      if (inShare < 0) {
        return PADDING;
      }
      long fileCount = plan.trimmedFiles();
      long file =
          inShare == 0
              ? rank * ((fileCount / plan.ranks()) % fileCount)
              : inShare / plan.samplesPerFile() % fileCount;
      return files.at(file) * plan.samplesPerFile() + inShare % plan.samplesPerFile();
    }

    @Override
    public Optional<LongStream> leftOut() {
      return Optional.empty();
    }
  }
}
