/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** Whole job or a subset of its ranks ({@code checkpoint.mode}). */
public enum CheckpointMode implements YamlName {
  /** All ranks of the model-parallel job run. */
  DEFAULT("default"),
  /** The first ranks of a larger job run. */
  SUBSET("subset");

  private final String yamlName;

  CheckpointMode(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
