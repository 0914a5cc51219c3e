/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.config.WorkloadLoader;
import io.dlioflink.workload.config.WorkloadRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Workloads and result files for tests. */
public final class SinkFixture {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SinkFixture() {}

  /** A workload of npy files of 1 KiB, with overrides such as {@code train.epochs=2}. */
  public static Workload workload(String... overrides) {
    List<String> all =
        new ArrayList<>(List.of("dataset.format=npy", "dataset.record_length_bytes=1024"));
    all.addAll(List.of(overrides));
    return WorkloadLoader.load(
            new WorkloadRequest("test", "test.yaml", "{}", all, false, OptionalInt.empty()))
        .workload();
  }

  public static Location location(Path folder) {
    return Location.parse(folder.toString());
  }

  /** Reads strict JSON: a NaN would not pass. */
  public static JsonNode json(Path file) throws IOException {
    return JSON.readTree(Files.readString(file));
  }

  public static List<String> keys(JsonNode object) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  public static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }
}
