/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.io.IOException;
import java.util.Set;

/**
 * A storage back end; found through {@code META-INF/services} by the schemes it serves. One object
 * serves all threads of a process.
 */
public interface StorageProvider {

  /** The URI schemes served, lower case. */
  Set<String> schemes();

  /**
   * Opens the storage.
   *
   * @param scheme one of {@link #schemes()}
   */
  Storage open(String scheme, StorageOptions options) throws IOException;
}
