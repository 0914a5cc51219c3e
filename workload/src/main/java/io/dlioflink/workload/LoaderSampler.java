/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** How a loader enumerates samples ({@code reader.data_loader_sampler}). */
public enum LoaderSampler implements YamlName {
  /** Reader threads walk files. */
  ITERATIVE("iterative"),
  /** Samples by global index. */
  INDEX("index"),
  /** No sampler. */
  NONE("none");

  private final String yamlName;

  LoaderSampler(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
