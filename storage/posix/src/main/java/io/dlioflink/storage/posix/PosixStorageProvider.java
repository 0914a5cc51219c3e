/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageProvider;
import java.util.Set;

/**
 * Mounted file systems: {@code file://} and plain paths go through the page cache, {@code
 * direct://} goes past it with O_DIRECT. Takes no options.
 */
public final class PosixStorageProvider implements StorageProvider {

  /** Scheme of buffered I/O. */
  static final String FILE = "file";

  /** Scheme of O_DIRECT. */
  static final String DIRECT = "direct";

  /** For the service loader. */
  public PosixStorageProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of(FILE, DIRECT);
  }

  @Override
  public Storage open(String scheme, StorageOptions options) {
    return switch (scheme) {
      case FILE -> new PosixStorage();
      case DIRECT -> new DirectStorage();
      default -> throw new IllegalArgumentException("Not a scheme of local files: " + scheme);
    };
  }
}
