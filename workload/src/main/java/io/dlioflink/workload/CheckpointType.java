/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** Who writes a checkpoint ({@code checkpoint.type}); without effect in DLIO. */
public enum CheckpointType implements YamlName {
  /** Rank 0. */
  RANK_ZERO("rank_zero"),
  /** Every rank. */
  ALL_RANKS("all_ranks");

  private final String yamlName;

  CheckpointType(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
