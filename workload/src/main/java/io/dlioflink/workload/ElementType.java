/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/**
 * Element type of a sample array ({@code dataset.record_element_type}), by NumPy name.
 *
 * <p>Source: DLIO {@code utils/config.py} hands the name to {@code numpy.dtype}.
 */
public enum ElementType implements YamlName {
  INT8("int8", "|i1", 1, false),
  INT16("int16", "<i2", 2, false),
  INT32("int32", "<i4", 4, false),
  INT64("int64", "<i8", 8, false),
  UINT8("uint8", "|u1", 1, false),
  UINT16("uint16", "<u2", 2, false),
  UINT32("uint32", "<u4", 4, false),
  UINT64("uint64", "<u8", 8, false),
  FLOAT16("float16", "<f2", 2, true),
  FLOAT32("float32", "<f4", 4, true),
  FLOAT64("float64", "<f8", 8, true);

  private final String yamlName;
  private final String numpyDescriptor;
  private final int bytes;
  private final boolean floating;

  ElementType(String yamlName, String numpyDescriptor, int bytes, boolean floating) {
    this.yamlName = yamlName;
    this.numpyDescriptor = numpyDescriptor;
    this.bytes = bytes;
    this.floating = floating;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }

  /** The {@code descr} of an NPY header, little-endian. */
  public String numpyDescriptor() {
    return numpyDescriptor;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }

  /** Whether the elements are IEEE 754 numbers. */
  public boolean floating() {
    return floating;
  }
}
