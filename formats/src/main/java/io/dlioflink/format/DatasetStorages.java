/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.Storages;
import io.dlioflink.workload.Workload;
import java.io.IOException;

/** Opens the storage of a dataset. */
public final class DatasetStorages {
  private DatasetStorages() {}

  /**
   * Opens the storage that holds a dataset; where nothing is kept, files are derived from what the
   * workload says of them.
   *
   * @throws io.dlioflink.storage.StorageException with {@code UNSUPPORTED} if no back end serves
   *     the scheme, or if such files cannot be derived
   */
  public static Storage open(Workload workload, Location root) throws IOException {
    Storage storage = Storages.open(root, new StorageOptions(workload.storage().clientOptions()));
    return root.isNowhere() ? new DerivedDataset(storage, workload.dataset(), root) : storage;
  }
}
