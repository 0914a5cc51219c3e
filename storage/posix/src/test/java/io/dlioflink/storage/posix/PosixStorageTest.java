/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class PosixStorageTest extends StorageContract {
  private final Storage storage = new PosixStorage();
  @TempDir private Path folder;

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public Location root() {
    return Location.parse(folder.toString());
  }

  @Override
  protected boolean isHierarchical() {
    return true;
  }
}
