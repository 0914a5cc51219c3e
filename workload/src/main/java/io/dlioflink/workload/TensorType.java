/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** Element type of model and optimizer tensors ({@code model.*_datatype}). */
public enum TensorType implements YamlName {
  /** 2 bytes. */
  FP16("fp16"),
  /** 4 bytes. */
  FP32("fp32"),
  /** 8 bytes. */
  FP64("fp64"),
  /** 2 bytes. */
  BF16("bf16"),
  /** 1 byte. */
  INT8("int8"),
  /** 1 byte. */
  UINT8("uint8");

  private final String yamlName;

  TensorType(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
