/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.FileFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The file {@value #FILE_NAME} in a dataset folder: says that we made the dataset and from which
 * parameters, so that a generation can be resumed and nothing of anybody else's is taken for ours.
 *
 * @param state how far the generation got
 * @param parameters what the bytes and names of the files follow from, as {@code key=value}
 */
public record DatasetMarker(State state, List<String> parameters) {
  /** Name of the file below the dataset folder. */
  public static final String FILE_NAME = ".dlio-flink-dataset";

  private static final String HEADING = "# Made by dlio-flink; format version 1";
  private static final String STATE_KEY = "state=";
  private static final String FILE_PREFIX_KEY = "file_prefix=";
  private static final int MAX_BYTES = 64 * 1024;

  /** How far a generation got. */
  public enum State {
    /** Files are being written over files of another origin: what is there cannot be told apart. */
    REPLACING,
    /** Files are being written; every file of the right size is ours. */
    GENERATING,
    /** All files are there. */
    COMPLETE
  }

  public DatasetMarker {
    parameters = List.copyOf(parameters);
  }

  /** The marker of a dataset. */
  public static DatasetMarker of(DatasetConfig dataset, State state) {
    Optional<SampleFormat> format = SampleFormats.find(dataset.format());
    boolean compressed =
        format.isPresent() && format.get().compressions().contains(dataset.compression());
    Compression compression = compressed ? dataset.compression() : Compression.NONE;
    List<String> parameters =
        new ArrayList<>(
            List.of(
                "format=" + dataset.format().yamlName(),
                "compression=" + compression.yamlName(),
                "compression_level=" + (compressed ? dataset.compressionLevel() : 0),
                "num_files_train=" + dataset.numFilesTrain(),
                "num_files_eval=" + dataset.numFilesEval(),
                FILE_PREFIX_KEY + dataset.filePrefix(),
                "num_subfolders_train=" + subfolders(dataset, DatasetPart.TRAIN),
                "num_subfolders_eval=" + subfolders(dataset, DatasetPart.VALID),
                "num_samples_per_file=" + dataset.numSamplesPerFile(),
                "record_length_bytes=" + dataset.recordLengthBytes(),
                "record_length_bytes_stdev=" + dataset.recordLengthBytesStdev(),
                "record_dims=" + dataset.recordDims(),
                "record_element_type=" + dataset.recordElementType().yamlName(),
                "content_seed=" + dataset.content().seed(),
                "compress_ratio=" + dataset.content().compressRatio(),
                "dedupe_ratio=" + dataset.content().dedupeRatio()));
    if (dataset.format() == FileFormat.HDF5) {
      parameters.add("hdf5.num_dset_per_record=" + dataset.hdf5().datasetsPerRecord());
      parameters.add("hdf5.chunk_dims=" + dataset.hdf5().chunkDims());
      parameters.add("hdf5.max_shape=" + dataset.hdf5().maxShape());
      parameters.add("enable_chunking=" + dataset.hdf5().enableChunking());
      parameters.add("chunk_size=" + dataset.hdf5().chunkElements());
    }
    if (dataset.format() == FileFormat.PARQUET) {
      parameters.add("parquet.num_columns=" + dataset.parquet().columns());
      parameters.add("parquet.row_group_bytes=" + dataset.parquet().rowGroupBytes());
    }
    format
        .map(found -> "encoding=" + EncodingFingerprint.of(found, dataset))
        .ifPresent(parameters::add);
    return new DatasetMarker(state, parameters);
  }

  /** No sub-folder and one are the same layout. */
  private static int subfolders(DatasetConfig dataset, DatasetPart part) {
    return Math.max(1, dataset.numSubfolders(part));
  }

  /** Whether it tells where the files lie; markers of early versions do not. */
  public boolean tellsLayout() {
    return parameters.stream().anyMatch(parameter -> parameter.startsWith(FILE_PREFIX_KEY));
  }

  /** Whether both stand for the same bytes in the same files. */
  public boolean sameDataset(DatasetMarker other) {
    return parameters.equals(other.parameters);
  }

  /** Whether the files of a folder with this marker are those of a dataset, as far as there. */
  public boolean holds(DatasetMarker dataset) {
    return sameDataset(dataset) && state != State.REPLACING;
  }

  /** The same dataset in another state. */
  public DatasetMarker in(State other) {
    return new DatasetMarker(other, parameters);
  }

  /** What differs between the datasets of two markers, each as {@code key=this, not that}. */
  public List<String> differences(DatasetMarker other) {
    Map<String, String> mine = values();
    Map<String, String> others = other.values();
    Set<String> keys = new LinkedHashSet<>(mine.keySet());
    keys.addAll(others.keySet());
    return keys.stream()
        .filter(key -> !Objects.equals(mine.get(key), others.get(key)))
        .map(
            key ->
                "%s=%s, not %s"
                    .formatted(key, mine.getOrDefault(key, "-"), others.getOrDefault(key, "-")))
        .toList();
  }

  private Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    for (String parameter : parameters) {
      int equals = parameter.indexOf('=');
      values.put(parameter.substring(0, Math.max(0, equals)), parameter.substring(equals + 1));
    }
    return values;
  }

  /** Reads the marker of a folder; empty if there is none that can be understood. */
  public static Optional<DatasetMarker> read(Storage storage, Location root) throws IOException {
    Location file = root.child(FILE_NAME);
    Optional<StorageEntry> entry = storage.stat(file);
    if (entry.isEmpty() || entry.get().lengthBytes() > MAX_BYTES) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect((int) entry.get().lengthBytes());
    try (StorageReader reader = storage.openReader(file)) {
      reader.readFully(0, bytes);
    }
    List<String> lines = StandardCharsets.UTF_8.decode(bytes.flip()).toString().lines().toList();
    if (lines.size() < 2 || !lines.get(0).equals(HEADING)) {
      return Optional.empty();
    }
    return Arrays.stream(State.values())
        .filter(state -> lines.get(1).equals(STATE_KEY + state))
        .findFirst()
        .map(state -> new DatasetMarker(state, lines.subList(2, lines.size())));
  }

  /** Writes the marker. */
  public void write(Storage storage, Location root) throws IOException {
    String text = HEADING + "\n" + STATE_KEY + state + "\n" + String.join("\n", parameters) + "\n";
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocateDirect(encoded.length).put(encoded).flip();
    try (StorageWriter writer = storage.openWriter(root.child(FILE_NAME))) {
      writer.write(bytes);
      writer.commit();
    }
  }
}
