/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Section {@code storage}.
 *
 * @param type back end
 * @param root directory prefix or bucket
 * @param options {@code storage_options}, values as text; may hold secrets
 * @param s3Client which client moves the bytes of S3
 * @param endpoints addresses of one store that share the requests; empty: that of the options
 * @param loadBalance how requests are dealt to them; null: as the environment says
 */
public record StorageConfig(
    StorageType type,
    String root,
    Map<String, String> options,
    S3Client s3Client,
    List<String> endpoints,
    LoadBalance loadBalance)
    implements Serializable {
  private static final String CLIENT = "client";
  private static final String ENDPOINTS = "endpoints";
  private static final String LOAD_BALANCE = "load_balance_strategy";

  public StorageConfig {
    options = Map.copyOf(options);
    endpoints = List.copyOf(endpoints);
  }

  /** How requests are dealt to the endpoints; empty: as the environment says. */
  public Optional<LoadBalance> loadBalanceIfSet() {
    return Optional.ofNullable(loadBalance);
  }

  /**
   * What a storage back end is opened with: the options, and beside them the keys of ours that were
   * set, as {@code client}, {@code endpoints} (separated by commas) and {@code
   * load_balance_strategy}. Values may be secrets.
   */
  public Map<String, String> clientOptions() {
    Map<String, String> all = new HashMap<>(options);
    if (s3Client != S3Client.LEAN) {
      all.put(CLIENT, s3Client.yamlName());
    }
    if (!endpoints.isEmpty()) {
      all.put(ENDPOINTS, String.join(",", endpoints));
    }
    if (loadBalance != null) {
      all.put(LOAD_BALANCE, loadBalance.yamlName());
    }
    return all;
  }

  /** Leaves the option values out: they may be secrets. */
  @Override
  public String toString() {
    return "StorageConfig[type="
        + type
        + ", root="
        + root
        + ", options="
        + clientOptions().keySet()
        + "]";
  }
}
