/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** Element type of model and optimizer tensors ({@code model.*_datatype}). */
public enum TensorType implements YamlName {
  /** 2 bytes. */
  FP16("fp16", 2, true),
  /** 4 bytes. */
  FP32("fp32", 4, true),
  /** 8 bytes. */
  FP64("fp64", 8, true),
  /** 2 bytes: the upper half of fp32. */
  BF16("bf16", 2, true),
  /** 1 byte. */
  INT8("int8", 1, false),
  /** 1 byte. */
  UINT8("uint8", 1, false);

  private final String yamlName;
  private final int bytes;
  private final boolean floating;

  TensorType(String yamlName, int bytes, boolean floating) {
    this.yamlName = yamlName;
    this.bytes = bytes;
    this.floating = floating;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }

  /** Whether the elements are floating-point numbers. */
  public boolean floating() {
    return floating;
  }
}
