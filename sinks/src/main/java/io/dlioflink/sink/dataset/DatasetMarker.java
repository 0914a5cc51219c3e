/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.storage.Storages;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The file {@value #FILE_NAME} in a dataset folder: says that we made the dataset and from which
 * parameters, so that a generation can be resumed and nothing of anybody else's is taken for ours.
 *
 * @param parameters what the bytes of the dataset follow from, as one line of JSON
 */
public record DatasetMarker(String parameters) {
  /** Name of the file below the dataset folder. */
  public static final String FILE_NAME = ".dlio-flink.json";

  private static final int FORMAT_VERSION = 1;
  private static final int MAX_BYTES = 64 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How far the generation got. */
  public enum State {
    /** Files are being written. */
    GENERATING,
    /** All files are there. */
    COMPLETE
  }

  /** The marker of a workload's dataset. */
  public static DatasetMarker of(Workload workload) {
    DatasetConfig dataset = workload.dataset();
    ObjectNode node = JSON.createObjectNode();
    node.put("format", dataset.format().yamlName());
    node.put("compression", dataset.compression().yamlName());
    node.put("num_files_train", dataset.numFilesTrain());
    node.put("num_files_eval", dataset.numFilesEval());
    node.put("num_samples_per_file", dataset.numSamplesPerFile());
    node.put("record_length_bytes", dataset.recordLengthBytes());
    node.put("record_length_bytes_stdev", dataset.recordLengthBytesStdev());
    node.put("record_dims", dataset.recordDims().toString());
    node.put("record_element_type", dataset.recordElementType().yamlName());
    node.put("content_seed", dataset.contentSeed());
    return new DatasetMarker(node.toString());
  }

  /** Reads the marker of a folder; empty if there is none that can be read. */
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
    JsonNode node = JSON.readTree(StandardCharsets.UTF_8.decode(bytes.flip()).toString());
    return Optional.ofNullable(node.get("parameters"))
        .map(parameters -> new DatasetMarker(parameters.toString()));
  }

  /** Writes the marker. */
  public void write(Location root, Workload workload, State state) throws IOException {
    try (Storage storage =
        Storages.open(root, new StorageOptions(workload.storage().options()))) {
      ObjectNode node = JSON.createObjectNode();
      node.put("format_version", FORMAT_VERSION);
      node.put("generator", "dlio-flink");
      node.put("state", state.name());
      node.set("parameters", JSON.readTree(parameters));
      byte[] text = node.toPrettyString().getBytes(StandardCharsets.UTF_8);
      ByteBuffer bytes = ByteBuffer.allocateDirect(text.length).put(text).flip();
      try (StorageWriter writer = storage.openWriter(root.child(FILE_NAME))) {
        writer.write(bytes);
        writer.commit();
      }
    }
  }
}
