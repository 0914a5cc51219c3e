/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.objectstore;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageProvider;
import java.util.Set;

/** {@code fake://bucket/key}: objects in this process, see {@link FakeObjectStore}. */
public final class FakeObjectStoreProvider implements StorageProvider {
  @Override
  public Set<String> schemes() {
    return Set.of("fake");
  }

  @Override
  public Storage open(String scheme, StorageOptions options) throws StorageException {
    String secret = options.values().get("secret_access_key");
    if (!FakeObjectStore.SECRET.equals(secret)) {
      throw new StorageException(
          StorageException.Reason.PERMISSION,
          new Location(scheme, "bucket", ""),
          "The store does not know the key of storage_options.secret_access_key");
    }
    return new FakeObjectStore();
  }
}
