/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** Whether a reader keeps files open ({@code reader.read_type}). */
public enum ReadType implements YamlName {
  /** Open, read, close per sample. */
  ON_DEMAND("on_demand"),
  /** Keep files open. */
  MEMORY("memory");

  private final String yamlName;

  ReadType(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
