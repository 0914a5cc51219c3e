/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageProvider;
import java.util.Set;

/**
 * Azure Blob Storage: {@code az://}. Options and variables are listed in {@code
 * docs/storage-azure.md}.
 */
public final class AzureStorageProvider implements StorageProvider {

  /** The scheme served. */
  static final String SCHEME = "az";

  /** For the service loader. */
  public AzureStorageProvider() {}

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
      return new AzureStorage(AzureSettings.of(options.values(), System.getenv()));
    } catch (IllegalArgumentException e) {
      throw new StorageException(
          Reason.UNSUPPORTED, new Location(scheme, "", ""), e.getMessage(), e);
    }
  }
}
