/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** How requests are dealt to the endpoints of a store ({@code storage.load_balance_strategy}). */
public enum LoadBalance implements YamlName {
  /** In turn. */
  ROUND_ROBIN("round_robin"),
  /** To the one with the fewest requests under way. */
  LEAST_CONNECTIONS("least_connections");

  private final String yamlName;

  LoadBalance(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
