/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** Training framework whose I/O behaviour is emulated ({@code framework}). */
public enum Framework implements YamlName {
  /** DLIO's default. */
  TENSORFLOW("tensorflow"),
  /** PyTorch. */
  PYTORCH("pytorch");

  private final String yamlName;

  Framework(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
