/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;
import java.util.Map;

/**
 * Section {@code storage}.
 *
 * @param type back end
 * @param root directory prefix or bucket
 * @param options {@code storage_options}, values as text; may hold secrets
 */
public record StorageConfig(StorageType type, String root, Map<String, String> options)
    implements Serializable {
  public StorageConfig {
    options = Map.copyOf(options);
  }

  /** Leaves the option values out: they may be secrets. */
  @Override
  public String toString() {
    return "StorageConfig[type=" + type + ", root=" + root + ", options=" + options.keySet() + "]";
  }
}
