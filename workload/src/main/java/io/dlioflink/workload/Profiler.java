/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** Profiler ({@code profiling.profiler}). */
public enum Profiler implements YamlName {
  /** None. */
  NONE("none"),
  /** Device counters. */
  IOSTAT("iostat"),
  /** Darshan. */
  DARSHAN("darshan"),
  /** TensorBoard. */
  TENSORBOARD("tensorboard");

  private final String yamlName;

  Profiler(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
