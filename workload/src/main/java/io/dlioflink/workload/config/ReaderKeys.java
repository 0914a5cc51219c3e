/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static io.dlioflink.workload.config.TimeSpecType.TIME_SPEC;
import static io.dlioflink.workload.config.ValueTypes.BOOL;
import static io.dlioflink.workload.config.ValueTypes.OPTIONAL_TEXT;
import static io.dlioflink.workload.config.ValueTypes.SHUFFLE;
import static io.dlioflink.workload.config.ValueTypes.enumOf;
import static io.dlioflink.workload.config.ValueTypes.integer;
import static io.dlioflink.workload.config.ValueTypes.listOf;
import static io.dlioflink.workload.config.ValueTypes.longInteger;
import static io.dlioflink.workload.config.ValueTypes.optional;

import io.dlioflink.workload.DataLoader;
import io.dlioflink.workload.ElementType;
import io.dlioflink.workload.FileAccess;
import io.dlioflink.workload.LoaderSampler;
import io.dlioflink.workload.ReadType;
import io.dlioflink.workload.ReaderConfig;
import io.dlioflink.workload.SampleOrderStrategy;
import io.dlioflink.workload.Shuffle;
import io.dlioflink.workload.TimeSpec;
import java.util.List;
import java.util.Optional;

/** Section reader. */
final class ReaderKeys {

  /** Sane for threads of a rank and batches in its memory, and far from overflowing. */
  private static final int MAX_READ_AHEAD = 1 << 16;

  static final Key<DataLoader> DATA_LOADER =
      Key.of(
          "reader.data_loader",
          enumOf(DataLoader.class),
          DataLoader.TENSORFLOW,
          w -> w.reader().dataLoader(),
          "Data loader whose concurrency and order are emulated.");
  static final Key<Optional<String>> DATA_LOADER_CLASSNAME =
      Key.of(
          "reader.data_loader_classname",
          OPTIONAL_TEXT,
          Optional.empty(),
          w -> w.reader().dataLoaderClassname(),
          "Class of a plug-in loader.");
  static final Key<Optional<LoaderSampler>> DATA_LOADER_SAMPLER =
      Key.of(
          "reader.data_loader_sampler",
          optional(enumOf(LoaderSampler.class)),
          Optional.empty(),
          w -> w.reader().dataLoaderSampler(),
          "How the loader enumerates samples; null follows the loader.");
  static final Key<Optional<String>> READER_CLASSNAME =
      Key.of(
          "reader.reader_classname",
          OPTIONAL_TEXT,
          Optional.empty(),
          w -> w.reader().readerClassname(),
          "Class of a plug-in reader.");
  static final Key<Integer> BATCH_SIZE =
      Key.of(
          "reader.batch_size",
          integer(1),
          1,
          w -> w.reader().batchSize(),
          "Training samples per step and rank.");
  static final Key<Integer> BATCH_SIZE_EVAL =
      Key.of(
          "reader.batch_size_eval",
          integer(1),
          1,
          w -> w.reader().batchSizeEval(),
          "Evaluation samples per step and rank.");
  static final Key<Integer> READ_THREADS =
      Key.of(
          "reader.read_threads",
          integer(0, MAX_READ_AHEAD),
          1,
          w -> w.reader().readThreads(),
          "I/O threads per rank; 0 reads in the training thread.");
  static final Key<Integer> COMPUTATION_THREADS =
      Key.of(
          "reader.computation_threads",
          integer(1),
          1,
          w -> w.reader().computationThreads(),
          "Threads that parse TFRecord samples.");
  static final Key<Integer> PREFETCH_SIZE =
      Key.of(
          "reader.prefetch_size",
          integer(0, MAX_READ_AHEAD),
          2,
          w -> w.reader().prefetchSize(),
          "Batches to read ahead; 0 takes the default of the loader.");
  static final Key<Boolean> PIN_MEMORY =
      Key.of(
          "reader.pin_memory",
          BOOL,
          true,
          w -> w.reader().pinMemory(),
          "Page-locked batches in the pytorch loader.");
  static final Key<String> MULTIPROCESSING_CONTEXT =
      Key.of(
          "reader.multiprocessing_context",
          ValueTypes.word("fork", "spawn", "forkserver"),
          "fork",
          w -> w.reader().multiprocessingContext(),
          "How the pytorch loader starts workers.");
  static final Key<Shuffle> FILE_SHUFFLE =
      Key.of(
          "reader.file_shuffle",
          SHUFFLE,
          Shuffle.OFF,
          w -> w.reader().fileShuffle(),
          "Shuffle the files before each epoch; seed and random are the same.");
  static final Key<Shuffle> SAMPLE_SHUFFLE =
      Key.of(
          "reader.sample_shuffle",
          SHUFFLE,
          Shuffle.OFF,
          w -> w.reader().sampleShuffle(),
          "Shuffle the samples before each epoch; seed and random are the same.");
  static final Key<Integer> SHUFFLE_SIZE =
      Key.of(
          "reader.shuffle_size",
          integer(1),
          1024,
          w -> w.reader().shuffleSize(),
          "Samples in the shuffle buffer of the tensorflow loader.");
  static final Key<ReadType> READ_TYPE =
      Key.of(
          "reader.read_type",
          enumOf(ReadType.class),
          ReadType.ON_DEMAND,
          w -> w.reader().readType(),
          "Whether files are opened for each sample or kept open.");
  static final Key<FileAccess> FILE_ACCESS =
      Key.of(
              "reader.file_access",
              enumOf(FileAccess.class),
              FileAccess.MULTI,
              w -> w.reader().fileAccess(),
              "MPI-IO access mode.")
          .withNotice("DLIO reads this and does not use it");
  static final Key<Long> TRANSFER_SIZE =
      Key.of(
          "reader.transfer_size",
          new NullAsZero(longInteger(1)),
          0L,
          w -> w.reader().transferSizeBytes(),
          "Bytes per read request; null takes our default.");
  static final Key<TimeSpec> PREPROCESS_TIME =
      Key.of(
          "reader.preprocess_time",
          TIME_SPEC,
          TimeSpec.none(),
          w -> w.reader().preprocessTime(),
          "Seconds to wait for each sample after reading it.");
  static final Key<Optional<Double>> PREPROCESS_TIME_STDEV = TrainingKeys.stdevOf(PREPROCESS_TIME);
  static final Key<Boolean> ODIRECT =
      Key.of("reader.odirect", BOOL, false, w -> w.reader().odirect(), "Bypass the page cache.");
  static final Key<Boolean> DONT_USE_MMAP =
      Key.of(
          "reader.dont_use_mmap",
          BOOL,
          false,
          w -> w.reader().dontUseMmap(),
          "No memory mapping in the native_dali loader.");
  static final Key<List<Integer>> TRANSFORMED_RECORD_DIMS =
      Key.of(
          "reader.transformed_record_dims",
          listOf(integer(1), "a list of integers of 1 or more"),
          List.of(),
          w -> w.reader().transformedRecordDims(),
          "Shape of a sample in memory.");
  static final Key<ElementType> TRANSFORMED_RECORD_ELEMENT_TYPE =
      Key.of(
          "reader.transformed_record_element_type",
          enumOf(ElementType.class),
          ElementType.UINT8,
          w -> w.reader().transformedRecordElementType(),
          "Element type of a sample in memory.");
  static final Key<SampleOrderStrategy> SAMPLE_ORDER =
      Key.of(
          "reader.sample_order",
          enumOf(SampleOrderStrategy.class),
          SampleOrderStrategy.DECLARED,
          w -> w.reader().sampleOrder(),
          "declared follows the shuffle keys, dlio does what DLIO's loader really does (not a key"
              + " of DLIO).");
  static final Key<Boolean> ORDERED =
      Key.of(
          "reader.ordered",
          BOOL,
          true,
          w -> w.reader().ordered(),
          "Deliver batches in order; false delivers them as they are completed (not a key of"
              + " DLIO).");

  /** In the order of the documentation. */
  static final List<Key<?>> ALL =
      List.of(
          DATA_LOADER,
          DATA_LOADER_CLASSNAME,
          DATA_LOADER_SAMPLER,
          READER_CLASSNAME,
          BATCH_SIZE,
          BATCH_SIZE_EVAL,
          READ_THREADS,
          COMPUTATION_THREADS,
          PREFETCH_SIZE,
          PIN_MEMORY,
          MULTIPROCESSING_CONTEXT,
          FILE_SHUFFLE,
          SAMPLE_SHUFFLE,
          SHUFFLE_SIZE,
          READ_TYPE,
          FILE_ACCESS,
          TRANSFER_SIZE,
          PREPROCESS_TIME,
          PREPROCESS_TIME_STDEV,
          ODIRECT,
          DONT_USE_MMAP,
          TRANSFORMED_RECORD_DIMS,
          TRANSFORMED_RECORD_ELEMENT_TYPE,
          SAMPLE_ORDER,
          ORDERED);

  private ReaderKeys() {}

  static ReaderConfig reader(Values values) {
    return new ReaderConfig(
        values.get(DATA_LOADER),
        values.get(DATA_LOADER_CLASSNAME).orElse(null),
        values.get(DATA_LOADER_SAMPLER).orElse(null),
        values.get(READER_CLASSNAME).orElse(null),
        values.get(BATCH_SIZE),
        values.get(BATCH_SIZE_EVAL),
        values.get(READ_THREADS),
        values.get(COMPUTATION_THREADS),
        values.get(PREFETCH_SIZE),
        values.get(PIN_MEMORY),
        values.get(MULTIPROCESSING_CONTEXT),
        values.get(FILE_SHUFFLE),
        values.get(SAMPLE_SHUFFLE),
        values.get(SHUFFLE_SIZE),
        values.get(READ_TYPE),
        values.get(FILE_ACCESS),
        values.get(TRANSFER_SIZE),
        values.get(PREPROCESS_TIME),
        values.get(ODIRECT),
        values.get(DONT_USE_MMAP),
        values.get(TRANSFORMED_RECORD_DIMS),
        values.get(TRANSFORMED_RECORD_ELEMENT_TYPE),
        values.get(SAMPLE_ORDER),
        values.get(ORDERED));
  }

  /** A size where null, in the records 0, leaves the choice to us. */
  private record NullAsZero(ValueType<Long> type) implements ValueType<Long> {

    @Override
    public String name() {
      return type.name();
    }

    @Override
    public String allowed() {
      return type.allowed() + " or null";
    }

    @Override
    public Long parse(ConfigValue value) throws BadValueException {
      return optional(type).parse(value).orElse(0L);
    }

    @Override
    public String format(Long value) {
      return value == 0 ? "null" : type.format(value);
    }
  }
}
