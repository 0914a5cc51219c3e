/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.io.IOException;
import java.util.List;
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

  private static List<StorageProvider> providers() {
    return Found.PROVIDERS;
  }

  /** Looked for once: a process may hold a thousand ranks, and the class path many jars. */
  private static final class Found {
    private static final List<StorageProvider> PROVIDERS =
        ServiceLoader.load(StorageProvider.class, Storages.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
  }
}
