/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** Data loader whose order and concurrency are emulated ({@code reader.data_loader}). */
public enum DataLoader implements YamlName {
  /** tf.data. */
  TENSORFLOW("tensorflow"),
  /** torch.utils.data.DataLoader. */
  PYTORCH("pytorch"),
  /** NVIDIA DALI with an external source. */
  DALI("dali"),
  /** NVIDIA DALI's own readers. */
  NATIVE_DALI("native_dali"),
  /** Constant batches without I/O. */
  SYNTHETIC("synthetic"),
  /** A class named by the workload. */
  CUSTOM("custom"),
  /** No loader. */
  NONE("none");

  private final String yamlName;

  DataLoader(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
