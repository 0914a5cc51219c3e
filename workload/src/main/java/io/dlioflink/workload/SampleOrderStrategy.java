/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** Which order of access a run follows ({@code reader.sample_order}, ours). */
public enum SampleOrderStrategy implements YamlName {
  /**
   * What the workload file says: shuffles and seeds are honoured, every rank reads its own share.
   */
  DECLARED("declared"),
  /** What DLIO main really does, loader by loader. */
  DLIO("dlio");

  private final String yamlName;

  SampleOrderStrategy(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
