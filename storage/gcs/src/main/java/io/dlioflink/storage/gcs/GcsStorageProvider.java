/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageProvider;
import java.util.Set;

/**
 * Google Cloud Storage: {@code gs://}. Options and variables are listed in {@code
 * docs/storage-gcs.md}.
 */
public final class GcsStorageProvider implements StorageProvider {

  /** The scheme served. */
  static final String SCHEME = "gs";

  /** For the service loader. */
  public GcsStorageProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of(SCHEME);
  }

  /**
   * {@inheritDoc}
   *
   * @throws StorageException with {@code UNSUPPORTED} if an option is wrong
   */
  @Override
  public Storage open(String scheme, StorageOptions options) throws StorageException {
    try {
      return new GcsStorage(GcsSettings.of(options.values(), System.getenv()));
    } catch (IllegalArgumentException e) {
      throw new StorageException(
          Reason.UNSUPPORTED, new Location(scheme, "", ""), e.getMessage(), e);
    }
  }
}
