/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.nothing;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageProvider;
import java.util.Set;

/** Serves {@code null://}. */
public final class NothingStorageProvider implements StorageProvider {

  @Override
  public Set<String> schemes() {
    return Set.of(Location.NOWHERE);
  }

  @Override
  public Storage open(String scheme, StorageOptions options) {
    return new NothingStorage();
  }
}
