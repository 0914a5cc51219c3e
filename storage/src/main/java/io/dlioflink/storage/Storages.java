/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.io.IOException;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/** The back ends on the class path. */
public final class Storages {
  private Storages() {}

  /**
   * Opens the storage of a location.
   *
   * @throws StorageException with {@code UNSUPPORTED} if no back end serves the scheme, or if the
   *     back end rejects an option
   */
  public static Storage open(Location location, StorageOptions options) throws IOException {
    for (StorageProvider provider : providers()) {
      if (provider.schemes().contains(location.scheme())) {
        return open(provider, location, options);
      }
    }
    throw new StorageException(
        StorageException.Reason.UNSUPPORTED,
        location,
        "No storage for scheme '%s' (available: %s)"
            .formatted(location.scheme(), String.join(", ", schemes())));
  }

  /** Back ends reject options by their names and values; here the location is known as well. */
  private static Storage open(StorageProvider provider, Location location, StorageOptions options)
      throws IOException {
    try {
      return provider.open(location.scheme(), options);
    } catch (IllegalArgumentException e) {
      throw new StorageException(
          StorageException.Reason.UNSUPPORTED, location, String.valueOf(e.getMessage()), e);
    }
  }

  /** All schemes served, sorted. */
  public static Set<String> schemes() {
    Set<String> schemes = new TreeSet<>();
    providers().forEach(provider -> schemes.addAll(provider.schemes()));
    return schemes;
  }

  private static ServiceLoader<StorageProvider> providers() {
    return ServiceLoader.load(StorageProvider.class, Storages.class.getClassLoader());
  }
}
