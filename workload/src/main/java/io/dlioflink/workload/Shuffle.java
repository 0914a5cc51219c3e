/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** Shuffling of files or samples ({@code reader.file_shuffle}, {@code reader.sample_shuffle}). */
public enum Shuffle implements YamlName {
  /** No shuffling. */
  OFF("off"),
  /** Seeded shuffle. */
  SEED("seed"),
  /** Shuffle; DLIO treats it like {@code seed}. */
  RANDOM("random");

  private final String yamlName;

  Shuffle(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
