/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** An enumeration constant that workload files spell in their own way. */
public interface YamlName {
  /** The spelling in a workload file, as in DLIO's {@code common/enumerations.py}. */
  String yamlName();
}
