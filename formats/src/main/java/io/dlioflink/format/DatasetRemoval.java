/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.SampleShapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Deletes a dataset after a run, for {@code dataset.keep_files: false}. DLIO deletes the whole
 * folder; this deletes the files of a dataset whose marker says that we made it from the same
 * parameters, each only if it has the size it was made with, and nothing else. Folders remain.
 */
public final class DatasetRemoval {
  private final Storage storage;
  private final Location root;
  private final DatasetConfig dataset;
  private final DatasetLayout layout;
  private final SampleFormat format;
  private final SampleShapes shapes;
  private long deleted;
  private long ofOtherSize;

  private DatasetRemoval(Storage storage, Location root, DatasetConfig dataset) {
    this.storage = storage;
    this.root = root;
    this.dataset = dataset;
    this.layout = DatasetLayout.of(dataset);
    this.format = SampleFormats.require(dataset.format());
    this.shapes = SampleShapes.of(dataset);
  }

  /**
   * Deletes the dataset if it is ours.
   *
   * @return what was done, for people
   */
  public static String remove(Storage storage, Location root, DatasetConfig dataset)
      throws IOException {
    return new DatasetRemoval(storage, root, dataset).remove();
  }

  private String remove() throws IOException {
    Optional<DatasetMarker> found = DatasetMarker.read(storage, root);
    if (found.isEmpty()) {
      return kept("it has no marker of a dataset that dlio-flink made");
    }
    DatasetMarker marker = found.get();
    Optional<String> reason = notOurs(marker).or(this::folderElsewhere);
    if (reason.isPresent()) {
      return kept(reason.get());
    }
    // Ended half-way, what is left must not be taken for a whole dataset.
    marker.in(DatasetMarker.State.GENERATING).write(storage, root);
    for (DatasetPart part : DatasetPart.values()) {
      for (long index = 0; index < layout.fileCount(part); index++) {
        remove(part, index);
      }
    }
    storage.delete(root.child(DatasetMarker.FILE_NAME));
    return report();
  }

  private Optional<String> notOurs(DatasetMarker marker) {
    DatasetMarker expected = DatasetMarker.of(dataset, DatasetMarker.State.COMPLETE);
    if (!marker.tellsLayout()) {
      return Optional.of(
          "its marker is of an earlier version and does not tell the names of the files");
    }
    if (!marker.sameDataset(expected)) {
      return Optional.of(
          "its marker is that of another dataset ("
              + String.join("; ", marker.differences(expected))
              + ")");
    }
    return marker.holds(expected)
        ? Optional.empty()
        : Optional.of("files of another origin were there before");
  }

  /** A folder below the root that is a symbolic link to somewhere else. */
  private Optional<String> folderElsewhere() {
    if (!root.isLocal() || !Files.exists(Path.of(root.path()))) {
      return Optional.empty();
    }
    for (DatasetPart part : DatasetPart.values()) {
      // Files are dealt to the folders in turn.
      long files = Math.min(layout.fileCount(part), layout.folders(part).size());
      for (long index = 0; index < files; index++) {
        for (String path : withCompanions(layout.relativePath(part, index))) {
          Path folder = Path.of(root.child(path).path()).getParent();
          if (leavesRoot(folder)) {
            return Optional.of(folder + " leads out of it");
          }
        }
      }
    }
    return Optional.empty();
  }

  private boolean leavesRoot(Path folder) {
    try {
      return Files.exists(folder)
          && !folder.toRealPath().startsWith(Path.of(root.path()).toRealPath());
    } catch (IOException e) {
      // What cannot be followed is not known to be ours.
      return true;
    }
  }

  private void remove(DatasetPart part, long index) throws IOException {
    String path = layout.relativePath(part, index);
    Optional<StorageEntry> entry = storage.stat(root.child(path));
    if (entry.isEmpty()) {
      return;
    }
    long length = entry.get().lengthBytes();
    FileSpec spec = FileSpec.of(dataset, shapes, layout.fileNumber(part, index));
    if (length != format.fileLengthBytes(spec).orElse(length)) {
      ofOtherSize++;
      return;
    }
    // The file itself goes last: whoever is interrupted finds its companions again.
    List<String> paths = withCompanions(path);
    for (int i = paths.size() - 1; i >= 0; i--) {
      storage.delete(root.child(paths.get(i)));
    }
    deleted++;
  }

  private List<String> withCompanions(String path) {
    List<String> paths = new ArrayList<>(List.of(path));
    paths.addAll(format.companionPaths(path));
    return paths;
  }

  private String report() {
    String report =
        "Deleted the %d files of the dataset in %s (dataset.keep_files: false)"
            .formatted(deleted, root);
    return ofOtherSize == 0
        ? report
        : report + "; kept %d of another size than they were made with".formatted(ofOtherSize);
  }

  private String kept(String reason) {
    return "dataset.keep_files: false, but the dataset in %s was kept: %s".formatted(root, reason);
  }
}
