/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.enumerator;

import io.dlioflink.format.DatasetMarker;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.workload.DatasetPart;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what killed writers of ours left. On a mounted file system its name tells whose it is. An
 * object store does not tell whose an unfinished upload is: there it is ours only below a place
 * that carries a mark of ours, and only where we write.
 */
final class AbandonedWrites {
  private static final Logger LOG = LoggerFactory.getLogger(AbandonedWrites.class);

  /** Names of our own files in a checkpoint begin so. */
  private static final String MARK = ".dlio-flink-";

  private AbandonedWrites() {}

  /** Those of the dataset in a folder. */
  static void ofDataset(Storage storage, Location root) throws IOException {
    if (root.isLocal()) {
      remove(storage, root);
    } else if (DatasetMarker.read(storage, root).isPresent()) {
      for (DatasetPart part : DatasetPart.values()) {
        remove(storage, root.child(part.folder()));
      }
    }
  }

  /** Those of one checkpoint, in its folder. */
  static void ofCheckpoint(Storage storage, Location folder) throws IOException {
    if (folder.isLocal() || isMarked(storage, folder)) {
      remove(storage, folder);
    }
  }

  private static boolean isMarked(Storage storage, Location folder) throws IOException {
    try (StorageListing files = storage.list(folder)) {
      for (Optional<StorageEntry> next = files.next(); next.isPresent(); next = files.next()) {
        if (next.get().location().fileName().startsWith(MARK)) {
          return true;
        }
      }
    }
    return false;
  }

  private static void remove(Storage storage, Location folder) throws IOException {
    long removed = storage.removeAbandonedWrites(folder);
    if (removed > 0) {
      LOG.info("Removed {} unfinished files below {}", removed, folder);
    }
  }
}
