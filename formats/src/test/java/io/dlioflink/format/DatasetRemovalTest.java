/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.config.WorkloadLoader;
import io.dlioflink.workload.config.WorkloadRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class DatasetRemovalTest {
  private static final Location ROOT = Location.parse("/data/set");

  private final Storage storage = new MemoryStorage();
  private final DatasetConfig dataset = dataset(3);

  private static DatasetConfig dataset(int trainFiles) {
    List<String> overrides =
        List.of(
            "dataset.format=tfrecord",
            "dataset.num_files_train=" + trainFiles,
            "dataset.num_files_eval=2",
            "dataset.num_subfolders_train=2");
    return WorkloadLoader.load(
            new WorkloadRequest("test", "test.yaml", "{}", overrides, true, OptionalInt.empty()))
        .workload()
        .dataset();
  }

  private void write(String path) throws IOException {
    try (StorageWriter writer = storage.openWriter(ROOT.child(path))) {
      writer.commit();
    }
  }

  private void writeDataset() throws IOException {
    DatasetLayout layout = DatasetLayout.of(dataset);
    for (DatasetPart part : DatasetPart.values()) {
      for (long index = 0; index < layout.fileCount(part); index++) {
        String path = layout.relativePath(part, index);
        write(path);
        for (String companion : SampleFormats.require(dataset.format()).companionPaths(path)) {
          write(companion);
        }
      }
    }
  }

  private List<String> left() throws IOException {
    List<String> left = new ArrayList<>();
    try (StorageListing listing = storage.list(ROOT)) {
      for (var next = listing.next(); next.isPresent(); next = listing.next()) {
        left.add(next.get().location().path());
      }
    }
    return left;
  }

  private void mark(DatasetConfig other, DatasetMarker.State state) throws IOException {
    DatasetMarker.of(other, state).write(storage, ROOT);
  }

  @Test
  void ourFilesTheirCompanionsAndTheMarkerGoAndNothingElse() throws IOException {
    writeDataset();
    mark(dataset, DatasetMarker.State.COMPLETE);
    write("train/0/img_9_of_3.tfrecord");
    write("notes.txt");

    assertThat(DatasetRemoval.remove(storage, ROOT, dataset))
        .isEqualTo("Deleted the 5 files of the dataset in /data/set (dataset.keep_files: false)");
    assertThat(left())
        .containsExactlyInAnyOrder("/data/set/train/0/img_9_of_3.tfrecord", "/data/set/notes.txt");
  }

  @Test
  void aDatasetWithoutOurMarkerIsKept() throws IOException {
    writeDataset();
    int before = left().size();
    assertThat(DatasetRemoval.remove(storage, ROOT, dataset))
        .isEqualTo(
            "dataset.keep_files: false, but the dataset in /data/set was kept: it has no marker of"
                + " a dataset that dlio-flink made");
    assertThat(left()).hasSize(before);
  }

  @Test
  void aDatasetOfOtherParametersOrWithFilesOfOthersIsKept() throws IOException {
    writeDataset();
    mark(dataset(8), DatasetMarker.State.COMPLETE);
    int before = left().size();
    assertThat(DatasetRemoval.remove(storage, ROOT, dataset))
        .isEqualTo(
            "dataset.keep_files: false, but the dataset in /data/set was kept: its marker is that"
                + " of another dataset (num_files_train=8, not 3)");
    mark(dataset, DatasetMarker.State.REPLACING);
    assertThat(DatasetRemoval.remove(storage, ROOT, dataset))
        .endsWith("was kept: files of another origin were there before");
    assertThat(left()).hasSize(before);
  }
}
