/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.CheckpointCompression;
import io.dlioflink.workload.CheckpointMode;
import io.dlioflink.workload.DataLoader;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.FileFormat;
import io.dlioflink.workload.Framework;
import io.dlioflink.workload.ModelConfig;
import io.dlioflink.workload.ReaderConfig;
import io.dlioflink.workload.SampleOrderStrategy;
import io.dlioflink.workload.Shuffle;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.StorageType;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.random.NumpyRandom;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Rules about several keys. Source: {@code validate} in DLIO's {@code utils/config.py}, and what
 * would fail later anyway. A rule is silent if one of its keys has a bad value already.
 */
final class CrossChecks {

  private static final Set<FileFormat> NATIVE_DALI_FORMATS =
      Set.of(FileFormat.JPEG, FileFormat.PNG, FileFormat.NPY, FileFormat.TFRECORD);

  /** A shuffle buffer of 512 MiB. */
  private static final int MAX_SHUFFLE_SIZE = 1 << 26;

  private final Values values;
  private final Workload workload;
  private final List<Problem> problems;

  private CrossChecks(Values values, Workload workload, List<Problem> problems) {
    this.values = values;
    this.workload = workload;
    this.problems = problems;
  }

  static void run(
      Values values, Workload workload, OptionalInt accelerators, List<Problem> problems) {
    CrossChecks checks = new CrossChecks(values, workload, problems);
    checks.loader();
    checks.dataset();
    checks.seeds();
    checks.checkpoint();
    checks.parallelism();
    if (accelerators.isPresent()) {
      checks.ranks(accelerators.getAsInt());
    }
  }

  private void loader() {
    DataLoader loader = workload.reader().dataLoader();
    Framework framework = workload.framework();
    // DLIO compares an explicit loader only: its default is a string that equals no enum.
    boolean mismatch =
        (framework == Framework.TENSORFLOW && loader == DataLoader.PYTORCH)
            || (framework == Framework.PYTORCH && loader == DataLoader.TENSORFLOW);
    if (mismatch && values.isSet(ReaderKeys.DATA_LOADER)) {
      error(
          "'%s' does not go with framework %s".formatted(loader.yamlName(), framework.yamlName()),
          ReaderKeys.DATA_LOADER,
          GeneralKeys.FRAMEWORK);
    }
    FileFormat format = workload.dataset().format();
    if (format == FileFormat.TFRECORD && loader == DataLoader.PYTORCH) {
      error(
          "'tfrecord' cannot be read with reader.data_loader pytorch",
          DatasetKeys.FORMAT,
          ReaderKeys.DATA_LOADER);
    }
    if (loader == DataLoader.NATIVE_DALI
        && workload.reader().sampleOrder() == SampleOrderStrategy.DLIO
        && !NATIVE_DALI_FORMATS.contains(format)) {
      error(
          "'%s' cannot be read by DLIO's native_dali loader, only jpeg, png, npy and tfrecord; use reader.sample_order: declared"
              .formatted(format.yamlName()),
          DatasetKeys.FORMAT,
          ReaderKeys.DATA_LOADER);
    }
    shuffleBuffer();
    StorageType storage = workload.storage().type();
    boolean objectStore = storage == StorageType.S3 || storage == StorageType.AISTORE;
    boolean usesData = workload.workflow().train() || workload.workflow().generateData();
    if (objectStore && usesData && format != FileFormat.NPZ && format != FileFormat.NPY) {
      notice(
          "DLIO has only npz and npy on %s, not %s"
              .formatted(storage.yamlName(), format.yamlName()),
          DatasetKeys.FORMAT,
          GeneralKeys.STORAGE_TYPE);
    }
    boolean plugin = workload.reader().dataLoaderClassname().isPresent();
    if (plugin && workload.reader().dataLoaderSampler().isEmpty()) {
      error(
          "a plug-in loader needs reader.data_loader_sampler",
          ReaderKeys.DATA_LOADER_CLASSNAME,
          ReaderKeys.DATA_LOADER_SAMPLER);
    }
    if (!plugin && (loader == DataLoader.CUSTOM || loader == DataLoader.NONE)) {
      error(
          "'%s' needs reader.data_loader_classname".formatted(loader.yamlName()),
          ReaderKeys.DATA_LOADER,
          ReaderKeys.DATA_LOADER_CLASSNAME);
    }
  }

  private void shuffleBuffer() {
    ReaderConfig reader = workload.reader();
    boolean used =
        reader.sampleOrder() == SampleOrderStrategy.DLIO
            && reader.sampleShuffle() != Shuffle.OFF
            && (reader.dataLoader() == DataLoader.NATIVE_DALI
                || (reader.dataLoader() == DataLoader.TENSORFLOW
                    && workload.dataset().format() == FileFormat.TFRECORD));
    if (used && reader.shuffleSize() > MAX_SHUFFLE_SIZE) {
      error(
          "%d needs %d MiB for each accelerator; with sample_order dlio %d is the most"
              .formatted(
                  reader.shuffleSize(), ((long) reader.shuffleSize() * 8) >> 20, MAX_SHUFFLE_SIZE),
          ReaderKeys.SHUFFLE_SIZE,
          ReaderKeys.SAMPLE_ORDER);
    }
  }

  private void dataset() {
    List<Integer> dims = workload.dataset().recordDims();
    if (!dims.isEmpty()) {
      int datasets = workload.dataset().hdf5().datasetsPerRecord();
      if (dims.get(0) % datasets != 0) {
        error(
            "the first dimension %d is not a multiple of dataset.hdf5.num_dset_per_record %d"
                .formatted(dims.get(0), datasets),
            DatasetKeys.RECORD_DIMS,
            DatasetKeys.HDF5_DATASETS);
      }
      if (dims.size() != 2 && DatasetKeys.isImage(values)) {
        error(
            "%d dimension(s); %s takes 2, rows and columns"
                .formatted(dims.size(), workload.dataset().format().yamlName()),
            DatasetKeys.RECORD_DIMS,
            DatasetKeys.FORMAT);
      }
      if (workload.dataset().recordLengthBytesStdev() > 0) {
        error(
            "a fixed shape does not go with dataset.record_length_bytes_stdev above 0",
            DatasetKeys.RECORD_DIMS,
            DatasetKeys.RECORD_LENGTH_STDEV);
      }
      tooLargeShape(dims);
    }
    if (workload.dataset().filePrefix().matches("(?s).*[/\\x00].*")) {
      error("a file name cannot contain '/' or NUL", DatasetKeys.FILE_PREFIX);
    }
    tooManySamples(DatasetPart.TRAIN, DatasetKeys.NUM_FILES_TRAIN);
    tooManySamples(DatasetPart.VALID, DatasetKeys.NUM_FILES_EVAL);
  }

  private void tooLargeShape(List<Integer> dims) {
    double bytes = workload.dataset().recordElementType().bytes();
    for (int dim : dims) {
      bytes *= dim;
    }
    double most = 1L << 50;
    if (bytes > most) {
      error("a sample of more than 2^50 bytes", DatasetKeys.RECORD_DIMS, DatasetKeys.ELEMENT_TYPE);
    }
  }

  private void tooManySamples(DatasetPart part, Key<Long> files) {
    // 2^62 leaves room for sums of both parts.
    double samples =
        (double) workload.dataset().numFiles(part) * workload.dataset().numSamplesPerFile();
    if (samples > 0x1p62) {
      error("more than 2^62 samples", files, DatasetKeys.SAMPLES_PER_FILE);
    }
  }

  private void seeds() {
    long last = workload.train().seed() + workload.train().epochs();
    if (workload.train().seedChangeEpoch() && last > NumpyRandom.MAX_SEED) {
      error(
          "seed %d plus %d epochs exceeds the largest seed %d"
              .formatted(workload.train().seed(), workload.train().epochs(), NumpyRandom.MAX_SEED),
          TrainingKeys.SEED,
          TrainingKeys.EPOCHS,
          TrainingKeys.SEED_CHANGE_EPOCH);
    }
  }

  private void checkpoint() {
    int write = workload.checkpoint().numCheckpointsWrite();
    int read = workload.checkpoint().numCheckpointsRead();
    if (write > 0 && read > write) {
      error(
          "%d checkpoints to read, but only %d are written".formatted(read, write),
          CheckpointKeys.NUM_CHECKPOINTS_READ,
          CheckpointKeys.NUM_CHECKPOINTS_WRITE);
    }
    if (workload.checkpoint().ksm() && workload.checkpoint().randomizeTensor()) {
      error(
          "merging equal pages needs checkpoint.randomize_tensor: false",
          CheckpointKeys.KSM,
          CheckpointKeys.RANDOMIZE_TENSOR);
    }
    CheckpointCompression codec = workload.checkpoint().compression();
    int level = workload.checkpoint().compressionLevel();
    if (level != 0 && (level < codec.minLevel() || level > codec.maxLevel())) {
      error(
          codec == CheckpointCompression.NONE
              ? "level %d without checkpoint.compression".formatted(level)
              : "level %d, but %s has %d to %d"
                  .formatted(level, codec.yamlName(), codec.minLevel(), codec.maxLevel()),
          CheckpointKeys.COMPRESSION_LEVEL,
          CheckpointKeys.COMPRESSION);
    }
  }

  private void parallelism() {
    ModelConfig.Parallelism parallelism = workload.model().parallelism();
    int layers = workload.model().numLayers();
    if (layers > 0 && layers < parallelism.pipeline()) {
      error(
          "%d layers cannot fill %d pipeline stages".formatted(layers, parallelism.pipeline()),
          ModelKeys.NUM_LAYERS,
          ModelKeys.PIPELINE);
    }
    if (parallelism.pipeline() > 1 && parallelism.zeroStage() == 3) {
      error(
          "ZeRO stage 3 does not go with %d pipeline stages".formatted(parallelism.pipeline()),
          ModelKeys.ZERO_STAGE,
          ModelKeys.PIPELINE);
    }
    boolean subset = workload.checkpoint().mode() == CheckpointMode.SUBSET;
    if (parallelism.data() > 0 && !subset) {
      error(
          "%d needs checkpoint.mode: subset; in mode default it follows from the ranks"
              .formatted(parallelism.data()),
          ModelKeys.DATA,
          CheckpointKeys.MODE);
    }
    if (parallelism.data() <= 0 && subset) {
      error(
          "checkpoint.mode subset needs the number of replicas, 1 or more",
          ModelKeys.DATA,
          CheckpointKeys.MODE);
    }
  }

  private void ranks(int ranks) {
    ModelConfig.Parallelism parallelism = workload.model().parallelism();
    long oneModel = (long) parallelism.tensor() * parallelism.pipeline();
    boolean subset = workload.checkpoint().mode() == CheckpointMode.SUBSET;
    if (subset && parallelism.data() > 0 && (double) oneModel * parallelism.data() < ranks) {
      error(
          "%d accelerators, but the whole job has only tensor %d x pipeline %d x data %d"
              .formatted(ranks, parallelism.tensor(), parallelism.pipeline(), parallelism.data()),
          ModelKeys.DATA,
          ModelKeys.TENSOR,
          ModelKeys.PIPELINE,
          CheckpointKeys.MODE);
    }
    if (!subset && ranks % oneModel != 0) {
      error(
          "%d accelerators are not a multiple of tensor %d x pipeline %d"
              .formatted(ranks, parallelism.tensor(), parallelism.pipeline()),
          ModelKeys.TENSOR,
          ModelKeys.PIPELINE,
          CheckpointKeys.MODE);
    }
    if (workload.workflow().train()) {
      steps(ranks);
    }
  }

  private void steps(int ranks) {
    Key<?>[] keys = {
      DatasetKeys.NUM_FILES_TRAIN, DatasetKeys.SAMPLES_PER_FILE, ReaderKeys.BATCH_SIZE
    };
    if (Arrays.stream(keys).anyMatch(values::failed)) {
      return;
    }
    StepPlan plan = StepPlan.of(workload, DatasetPart.TRAIN, ranks);
    if (plan.availableSteps() == 0) {
      String message =
          "not enough data for one step: %d samples, but %d accelerators take %d in a step"
              .formatted(plan.totalSamples(), ranks, (long) workload.reader().batchSize() * ranks);
      if (workload.workflow().checkpoint()) {
        notice(message, keys);
      } else {
        error(message, keys);
      }
    } else if (plan.stepLimit() > plan.availableSteps()) {
      notice(
          "%d steps wanted, but the data suffice for %d steps of %d accelerators; DLIO stops here,"
                  .formatted(plan.stepLimit(), plan.availableSteps(), ranks)
              + " dlio-flink runs those",
          TrainingKeys.TOTAL_TRAINING_STEPS);
    }
  }

  private void error(String message, Key<?>... keys) {
    report(Severity.ERROR, message, keys);
  }

  private void notice(String message, Key<?>... keys) {
    report(Severity.NOTICE, message, keys);
  }

  /** The first key is the one to name, the first one that somebody wrote is the place. */
  private void report(Severity severity, String message, Key<?>... keys) {
    if (Arrays.stream(keys).anyMatch(values::failed)) {
      return;
    }
    String where =
        Arrays.stream(keys)
            .filter(values::isSet)
            .findFirst()
            .map(key -> values.origin(key).toString())
            .orElse("default");
    problems.add(new Problem(severity, where, keys[0].path(), message));
  }
}
