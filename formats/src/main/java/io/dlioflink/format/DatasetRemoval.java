/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import java.io.IOException;
import java.util.Optional;

/**
 * Deletes a dataset after a run, for {@code dataset.keep_files: false}. DLIO deletes the whole
 * folder; this deletes the files of a dataset whose marker says that we made it from the same
 * parameters, and nothing else. Folders remain.
 */
public final class DatasetRemoval {
  private DatasetRemoval() {}

  /**
   * Deletes the dataset if it is ours.
   *
   * @return what was done, for people
   */
  public static String remove(Storage storage, Location root, DatasetConfig dataset)
      throws IOException {
    DatasetMarker expected = DatasetMarker.of(dataset, DatasetMarker.State.COMPLETE);
    Optional<DatasetMarker> found = DatasetMarker.read(storage, root);
    if (found.isEmpty()) {
      return kept(root, "it has no marker of a dataset that dlio-flink made");
    }
    if (!found.get().sameDataset(expected)) {
      return kept(
          root,
          "its marker is that of another dataset ("
              + String.join("; ", found.get().differences(expected))
              + ")");
    }
    if (!found.get().holds(expected)) {
      return kept(root, "files of another origin were there before");
    }
    DatasetLayout layout = DatasetLayout.of(dataset);
    SampleFormat format = SampleFormats.require(dataset.format());
    for (DatasetPart part : DatasetPart.values()) {
      for (long index = 0; index < layout.fileCount(part); index++) {
        String path = layout.relativePath(part, index);
        storage.delete(root.child(path));
        for (String companion : format.companionPaths(path)) {
          storage.delete(root.child(companion));
        }
      }
    }
    storage.delete(root.child(DatasetMarker.FILE_NAME));
    return "Deleted the %d files of the dataset in %s (dataset.keep_files: false)"
        .formatted(layout.totalFiles(), root);
  }

  private static String kept(Location root, String reason) {
    return "dataset.keep_files: false, but the dataset in %s was kept: %s".formatted(root, reason);
  }
}
