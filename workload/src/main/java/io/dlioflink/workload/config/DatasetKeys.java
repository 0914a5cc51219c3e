/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static io.dlioflink.workload.config.ValueTypes.BOOL;
import static io.dlioflink.workload.config.ValueTypes.FOLDER;
import static io.dlioflink.workload.config.ValueTypes.TEXT;
import static io.dlioflink.workload.config.ValueTypes.enumOf;
import static io.dlioflink.workload.config.ValueTypes.integer;
import static io.dlioflink.workload.config.ValueTypes.listOf;
import static io.dlioflink.workload.config.ValueTypes.longInteger;
import static io.dlioflink.workload.config.ValueTypes.number;

import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ContentOptions;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.ElementType;
import io.dlioflink.workload.FileFormat;
import io.dlioflink.workload.Hdf5Options;
import io.dlioflink.workload.ParquetOptions;
import java.util.List;
import java.util.stream.Stream;

/** Section dataset. */
final class DatasetKeys {

  /** 1 PiB: the side of a sample stays far below the range of an int. */
  private static final double MAX_RECORD_BYTES = 1L << 50;

  private static final double MAX_RATIO = 1000;
  private static final String LENGTHS = "a list of integers of 1 or more";
  private static final String MLPERF_ONLY =
      "only the MLPerf branch of DLIO uses this; so does dlio-flink";

  static final Key<Double> RECORD_LENGTH =
      Key.of(
          "dataset.record_length_bytes",
          number(1, MAX_RECORD_BYTES),
          65536.0,
          w -> w.dataset().recordLengthBytes(),
          "Nominal size of a sample: its sides are the square root, rounded down.");
  static final Key<Double> RECORD_LENGTH_STDEV =
      Key.of(
          "dataset.record_length_bytes_stdev",
          number(0, MAX_RECORD_BYTES),
          0.0,
          w -> w.dataset().recordLengthBytesStdev(),
          "Spread of the sizes: each side is drawn with stdev / (2 * sqrt(record_length_bytes)).");
  static final Key<Double> RECORD_LENGTH_RESIZE =
      Key.of(
          "dataset.record_length_bytes_resize",
          number(0, MAX_RECORD_BYTES),
          0.0,
          w -> w.dataset().recordLengthBytesResize(),
          "Size of a sample in memory; does not change what is read.");
  static final Key<Long> NUM_FILES_TRAIN =
      Key.of(
          "dataset.num_files_train",
          longInteger(1),
          8L,
          w -> w.dataset().numFilesTrain(),
          "Training files.");
  static final Key<Long> NUM_FILES_EVAL =
      Key.of(
          "dataset.num_files_eval",
          longInteger(0),
          0L,
          w -> w.dataset().numFilesEval(),
          "Evaluation files.");
  static final Key<Integer> SAMPLES_PER_FILE =
      Key.of(
          "dataset.num_samples_per_file",
          integer(1),
          1,
          w -> w.dataset().numSamplesPerFile(),
          "Samples in each file.");
  static final Key<String> DATA_FOLDER =
      Key.of(
          "dataset.data_folder",
          FOLDER,
          "./data",
          w -> w.dataset().dataFolder(),
          "Folder of the dataset, a path or URI.");
  static final Key<Integer> SUBFOLDERS_TRAIN =
      Key.of(
          "dataset.num_subfolders_train",
          integer(0),
          0,
          w -> w.dataset().numSubfoldersTrain(),
          "Sub-folders of the training files; 0 and 1 mean none.");
  static final Key<Integer> SUBFOLDERS_EVAL =
      Key.of(
          "dataset.num_subfolders_eval",
          integer(0),
          0,
          w -> w.dataset().numSubfoldersEval(),
          "Sub-folders of the evaluation files; 0 and 1 mean none.");
  static final Key<String> FILE_PREFIX =
      Key.of(
          "dataset.file_prefix",
          TEXT,
          "img",
          w -> w.dataset().filePrefix(),
          "What file names start with.");
  static final Key<FileFormat> FORMAT =
      Key.of(
          "dataset.format",
          enumOf(FileFormat.class),
          FileFormat.TFRECORD,
          w -> w.dataset().format(),
          "File format.");
  static final Key<Compression> COMPRESSION =
      Key.of(
          "dataset.compression",
          enumOf(Compression.class),
          Compression.NONE,
          w -> w.dataset().compression(),
          "Compression of the files, where the format has one.");
  static final Key<Integer> COMPRESSION_LEVEL =
      Key.of(
          "dataset.compression_level",
          integer(0, 9),
          4,
          w -> w.dataset().compressionLevel(),
          "Effort of the compression.");
  static final Key<Boolean> ENABLE_CHUNKING =
      Key.of(
              "dataset.enable_chunking",
              BOOL,
              false,
              w -> w.dataset().hdf5().enableChunking(),
              "Chunked HDF5 layout.")
          .withNotice(MLPERF_ONLY);
  static final Key<Long> CHUNK_SIZE =
      Key.of(
              "dataset.chunk_size",
              longInteger(0),
              0L,
              w -> w.dataset().hdf5().chunkElements(),
              "Elements of an HDF5 chunk, with enable_chunking.")
          .withNotice(MLPERF_ONLY);
  static final Key<Boolean> KEEP_FILES =
      Key.of(
          "dataset.keep_files",
          BOOL,
          true,
          w -> w.dataset().keepFiles(),
          "Keep the dataset at the end; false deletes it.");
  static final Key<Long> GENERATION_BUFFER_SIZE =
      Key.of(
          "dataset.generation_buffer_size",
          longInteger(1),
          2147483648L,
          w -> w.dataset().generationBufferSizeBytes(),
          "Bytes of the write buffer of the indexed_binary generator.");
  static final Key<ElementType> ELEMENT_TYPE =
      Key.of(
          "dataset.record_element_type",
          enumOf(ElementType.class),
          ElementType.UINT8,
          w -> w.dataset().recordElementType(),
          "Element type of samples; jpeg and png are always uint8.");
  static final Key<List<Integer>> RECORD_DIMS =
      Key.of(
          "dataset.record_dims",
          listOf(integer(1), LENGTHS),
          List.of(),
          w -> w.dataset().recordDims(),
          "Shape of every sample, instead of a size in bytes.");
  static final Key<Integer> HDF5_DATASETS =
      Key.of(
          "dataset.hdf5.num_dset_per_record",
          integer(1),
          1,
          w -> w.dataset().hdf5().datasetsPerRecord(),
          "HDF5 datasets in each file.");
  static final Key<List<Integer>> HDF5_CHUNK_DIMS =
      Key.of(
          "dataset.hdf5.chunk_dims",
          listOf(integer(1), LENGTHS),
          List.of(),
          w -> w.dataset().hdf5().chunkDims(),
          "Shape of an HDF5 chunk, sample axis included.");
  static final Key<List<Integer>> HDF5_MAX_SHAPE =
      Key.of(
          "dataset.hdf5.max_shape",
          listOf(integer(1), LENGTHS),
          List.of(),
          w -> w.dataset().hdf5().maxShape(),
          "Largest shape of an HDF5 dataset, without the sample axis.");
  static final Key<Long> CONTENT_SEED =
      Key.of(
          "dataset.content_seed",
          longInteger(Long.MIN_VALUE),
          10L,
          w -> w.dataset().content().seed(),
          "Seed of the generated bytes (not a key of DLIO).");
  static final Key<Double> COMPRESS_RATIO =
      Key.of(
          "dataset.compress_ratio",
          number(1, MAX_RATIO),
          1.0,
          w -> w.dataset().content().compressRatio(),
          "Ratio by which the generated bytes compress (not a key of DLIO).");
  static final Key<Double> DEDUPE_RATIO =
      Key.of(
          "dataset.dedupe_ratio",
          number(1, MAX_RATIO),
          1.0,
          w -> w.dataset().content().dedupeRatio(),
          "Ratio by which the generated 4 KiB blocks repeat (not a key of DLIO).");
  static final Key<Integer> PARQUET_COLUMNS =
      Key.of(
          "dataset.parquet.num_columns",
          integer(1),
          ParquetOptions.DEFAULT.columns(),
          w -> w.dataset().parquet().columns(),
          "Parquet columns a sample is spread over (not a key of DLIO).");
  static final Key<Long> PARQUET_ROW_GROUP_BYTES =
      Key.of(
          "dataset.parquet.row_group_bytes",
          longInteger(1),
          ParquetOptions.DEFAULT.rowGroupBytes(),
          w -> w.dataset().parquet().rowGroupBytes(),
          "Sample bytes of a Parquet row group, the unit of reading (not a key of DLIO).");
  static final Key<List<String>> PARQUET_READ_COLUMNS =
      Key.of(
          "dataset.parquet.read_columns",
          listOf(TEXT, "a list of column names"),
          List.of(),
          w -> w.dataset().parquet().readColumns(),
          "Parquet columns that are read; empty for all (not a key of DLIO).");

  /** Names of older releases and of the documentation, which DLIO does not read. */
  static final List<Key<String>> UNREAD =
      List.of(
          renamed("record_length", "record_length_bytes"),
          renamed("record_length_stdev", "record_length_bytes_stdev"),
          renamed("record_length_resize", "record_length_bytes_resize"),
          renamed("num_dset_per_record", "hdf5.num_dset_per_record"),
          renamed("chunk_dims", "hdf5.chunk_dims"),
          renamed("max_shape", "hdf5.max_shape"),
          Key.unread(
              "dataset.record_element_bytes",
              "DLIO replaces this by the size of record_element_type"));

  /** In the order of the documentation. */
  static final List<Key<?>> ALL =
      Stream.concat(
              Stream.<Key<?>>of(
                  RECORD_LENGTH,
                  RECORD_LENGTH_STDEV,
                  RECORD_LENGTH_RESIZE,
                  NUM_FILES_TRAIN,
                  NUM_FILES_EVAL,
                  SAMPLES_PER_FILE,
                  DATA_FOLDER,
                  SUBFOLDERS_TRAIN,
                  SUBFOLDERS_EVAL,
                  FILE_PREFIX,
                  FORMAT,
                  COMPRESSION,
                  COMPRESSION_LEVEL,
                  ENABLE_CHUNKING,
                  CHUNK_SIZE,
                  KEEP_FILES,
                  GENERATION_BUFFER_SIZE,
                  ELEMENT_TYPE,
                  RECORD_DIMS,
                  HDF5_DATASETS,
                  HDF5_CHUNK_DIMS,
                  HDF5_MAX_SHAPE,
                  PARQUET_COLUMNS,
                  PARQUET_ROW_GROUP_BYTES,
                  PARQUET_READ_COLUMNS,
                  CONTENT_SEED,
                  COMPRESS_RATIO,
                  DEDUPE_RATIO),
              UNREAD.stream())
          .toList();

  private DatasetKeys() {}

  private static Key<String> renamed(String oldName, String name) {
    return Key.unread(
        "dataset." + oldName, "DLIO does not read this; did you mean dataset." + name + "?");
  }

  static DatasetConfig dataset(Values values) {
    return new DatasetConfig(
        values.get(RECORD_LENGTH),
        values.get(RECORD_LENGTH_STDEV),
        values.get(RECORD_LENGTH_RESIZE),
        values.get(NUM_FILES_TRAIN),
        values.get(NUM_FILES_EVAL),
        values.get(SAMPLES_PER_FILE),
        values.get(DATA_FOLDER),
        values.get(SUBFOLDERS_TRAIN),
        values.get(SUBFOLDERS_EVAL),
        values.get(FILE_PREFIX),
        values.get(FORMAT),
        values.get(COMPRESSION),
        values.get(COMPRESSION_LEVEL),
        values.get(KEEP_FILES),
        values.get(GENERATION_BUFFER_SIZE),
        isImage(values) ? ElementType.UINT8 : values.get(ELEMENT_TYPE),
        values.get(RECORD_DIMS),
        new Hdf5Options(
            values.get(HDF5_DATASETS),
            values.get(HDF5_CHUNK_DIMS),
            values.get(HDF5_MAX_SHAPE),
            values.get(ENABLE_CHUNKING),
            values.get(CHUNK_SIZE)),
        new ParquetOptions(
            values.get(PARQUET_COLUMNS),
            values.get(PARQUET_ROW_GROUP_BYTES),
            values.get(PARQUET_READ_COLUMNS)),
        new ContentOptions(
            values.get(CONTENT_SEED), values.get(COMPRESS_RATIO), values.get(DEDUPE_RATIO)));
  }

  static boolean isImage(Values values) {
    FileFormat format = values.get(FORMAT);
    return format == FileFormat.JPEG || format == FileFormat.PNG;
  }
}
