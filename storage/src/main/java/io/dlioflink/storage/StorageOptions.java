/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.io.Serializable;
import java.util.Map;

/**
 * Settings of a storage back end; travels to the workers, where the clients are made.
 *
 * @param values DLIO's {@code storage_options} and ours; values may be secrets and are never
 *     printed
 */
public record StorageOptions(Map<String, String> values) implements Serializable {

  /** No settings. */
  public static final StorageOptions NONE = new StorageOptions(Map.of());

  public StorageOptions {
    values = Map.copyOf(values);
  }

  @Override
  public String toString() {
    return "StorageOptions" + values.keySet();
  }
}
