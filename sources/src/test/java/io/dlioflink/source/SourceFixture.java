/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source;

import io.dlioflink.format.DatasetFile;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.format.SampleFormats;
import io.dlioflink.format.StoredFileTarget;
import io.dlioflink.format.content.RandomContent;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.Storages;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.SampleShapes;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.config.WorkloadLoader;
import io.dlioflink.workload.config.WorkloadRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Workloads and small real datasets for tests. */
public final class SourceFixture {
  private SourceFixture() {}

  /** A workload of npy files of 1 KiB, with overrides such as {@code train.epochs=2}. */
  public static Workload workload(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of("dataset.format=npy", "dataset.record_length_bytes=1024", "train.epochs=1"));
    all.addAll(List.of(overrides));
    return WorkloadLoader.load(
            new WorkloadRequest("test", "test.yaml", "{}", all, false, OptionalInt.empty()))
        .workload();
  }

  public static Location location(Path folder) {
    return Location.parse(folder.toString());
  }

  public static Storage storage(Path folder) throws IOException {
    return Storages.open(location(folder), StorageOptions.NONE);
  }

  /** Writes all files of a part as the generator does. */
  public static void write(Workload workload, DatasetPart part, Path root) throws IOException {
    DatasetLayout layout = DatasetLayout.of(workload.dataset());
    for (long index = 0; index < layout.fileCount(part); index++) {
      write(workload, part, index, root.resolve(layout.relativePath(part, index)));
    }
  }

  /** Writes the file of an index under a name of the caller's. */
  public static void write(Workload workload, DatasetPart part, long index, Path file)
      throws IOException {
    Files.createDirectories(file.getParent());
    DatasetFile target = new DatasetFile(location(file.getParent()), file.getFileName().toString());
    SampleFormat format = format(workload);
    try (Storage storage = storage(file);
        SampleFileEncoder encoder = format.newEncoder();
        StoredFileTarget writer = new StoredFileTarget(storage, target, format)) {
      encoder.encode(spec(workload, part, index), new RandomContent(1), writer);
      writer.commit();
    }
  }

  public static SampleFormat format(Workload workload) {
    return SampleFormats.find(workload.dataset().format()).orElseThrow();
  }

  public static FileSpec spec(Workload workload, DatasetPart part, long index) {
    DatasetConfig dataset = workload.dataset();
    long fileNumber = DatasetLayout.of(dataset).fileNumber(part, index);
    return FileSpec.of(dataset, SampleShapes.of(dataset), fileNumber);
  }

  /** The size the generator gives a file. */
  public static long fileBytes(Workload workload, DatasetPart part, long index) {
    return format(workload).fileLengthBytes(spec(workload, part, index)).orElseThrow();
  }
}
