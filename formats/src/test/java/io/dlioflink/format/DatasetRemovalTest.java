/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.SampleShapes;
import io.dlioflink.workload.config.WorkloadLoader;
import io.dlioflink.workload.config.WorkloadRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetRemovalTest {
  private static final Location ROOT = Location.parse("/data/set");

  private boolean killed;
  private final Storage storage =
      new MemoryStorage() {
        @Override
        public void delete(Location file) {
          if (killed) {
            throw new IllegalStateException("killed");
          }
          super.delete(file);
        }
      };
  private final DatasetConfig dataset = dataset(3);

  private static DatasetConfig dataset(int trainFiles, String... more) {
    List<String> overrides =
        new ArrayList<>(
            List.of(
                "dataset.format=tfrecord",
                "dataset.num_files_train=" + trainFiles,
                "dataset.num_files_eval=2",
                "dataset.num_subfolders_train=2",
                "dataset.record_length_bytes=16"));
    overrides.addAll(List.of(more));
    return WorkloadLoader.load(
            new WorkloadRequest("test", "test.yaml", "{}", overrides, true, OptionalInt.empty()))
        .workload()
        .dataset();
  }

  private void write(String path) throws IOException {
    write(path, 0);
  }

  private void write(String path, long lengthBytes) throws IOException {
    try (StorageWriter writer = storage.openWriter(ROOT.child(path))) {
      writer.write(ByteBuffer.allocate((int) lengthBytes));
      writer.commit();
    }
  }

  private long lengthBytes(long fileNumber) {
    return SampleFormats.require(dataset.format())
        .fileLengthBytes(FileSpec.of(dataset, SampleShapes.of(dataset), fileNumber))
        .orElseThrow();
  }

  private void writeDataset() throws IOException {
    DatasetLayout layout = DatasetLayout.of(dataset);
    for (DatasetPart part : DatasetPart.values()) {
      for (long index = 0; index < layout.fileCount(part); index++) {
        String path = layout.relativePath(part, index);
        write(path, lengthBytes(layout.fileNumber(part, index)));
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

  @Test
  void aMarkerWithoutTheNamesOfTheFilesIsNotEnough() throws IOException {
    writeDataset();
    DatasetMarker marker = DatasetMarker.of(dataset, DatasetMarker.State.COMPLETE);
    List<String> early = new ArrayList<>(marker.parameters());
    early.removeIf(key -> key.startsWith("file_prefix=") || key.startsWith("num_subfolders_"));
    new DatasetMarker(marker.state(), early).write(storage, ROOT);
    int before = left().size();
    assertThat(DatasetRemoval.remove(storage, ROOT, dataset))
        .endsWith(
            "was kept: its marker is of an earlier version and does not tell the names of the"
                + " files");
    assertThat(left()).hasSize(before);
  }

  @Test
  void filesOfAnotherLayoutAreKept() throws IOException {
    writeDataset();
    mark(
        dataset(3, "dataset.file_prefix=foo", "dataset.num_subfolders_train=0"),
        DatasetMarker.State.COMPLETE);
    int before = left().size();
    assertThat(DatasetRemoval.remove(storage, ROOT, dataset))
        .endsWith("(file_prefix=foo, not img; num_subfolders_train=1, not 2)");
    assertThat(left()).hasSize(before);
  }

  @Test
  void aFileOfAnotherSizeIsKeptWithItsCompanions() throws IOException {
    writeDataset();
    mark(dataset, DatasetMarker.State.COMPLETE);
    String path = DatasetLayout.of(dataset).relativePath(DatasetPart.TRAIN, 1);
    write(path, lengthBytes(1) + 1);
    assertThat(DatasetRemoval.remove(storage, ROOT, dataset))
        .isEqualTo(
            "Deleted the 4 files of the dataset in /data/set (dataset.keep_files: false); kept"
                + " 1 of another size than they were made with");
    List<String> kept = new ArrayList<>(List.of("/data/set/" + path));
    SampleFormats.require(dataset.format())
        .companionPaths(path)
        .forEach(companion -> kept.add("/data/set/" + companion));
    assertThat(left()).containsExactlyInAnyOrderElementsOf(kept);
  }

  @Test
  void anInterruptedRemovalLeavesNoCompleteDataset() throws IOException {
    writeDataset();
    mark(dataset, DatasetMarker.State.COMPLETE);
    killed = true;
    assertThatThrownBy(() -> DatasetRemoval.remove(storage, ROOT, dataset)).hasMessage("killed");
    assertThat(DatasetMarker.read(storage, ROOT))
        .contains(DatasetMarker.of(dataset, DatasetMarker.State.GENERATING));
  }

  @Test
  void aFolderThatIsALinkToElsewhereIsNotFollowed(@TempDir Path folder) throws IOException {
    Path root = Files.createDirectories(folder.resolve("set"));
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Files.createSymbolicLink(root.resolve("valid"), elsewhere);
    Location location = Location.parse(root.toString());
    DatasetMarker.of(dataset, DatasetMarker.State.COMPLETE).write(storage, location);
    assertThat(DatasetRemoval.remove(storage, location, dataset))
        .endsWith("was kept: %s/valid leads out of it".formatted(root));
  }
}
