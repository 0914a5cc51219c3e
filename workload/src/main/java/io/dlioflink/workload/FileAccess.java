/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** MPI-IO access mode ({@code reader.file_access}); without effect in DLIO. */
public enum FileAccess implements YamlName {
  /** A file per process. */
  MULTI("multi"),
  /** Shared file. */
  SHARED("shared"),
  /** Collective MPI-IO. */
  COLLECTIVE("collective"),
  /** MPI-IO. */
  MPIO("mpio"),
  /** POSIX. */
  POSIX("posix");

  private final String yamlName;

  FileAccess(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
