/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** DLIO's name of a storage back end ({@code storage.storage_type}). */
public enum StorageType implements YamlName {
  /** A mounted file system. */
  LOCAL_FS("local_fs"),
  /** Named by DLIO, which rejects it later. */
  PARALLEL_FS("parallel_fs"),
  /** Amazon S3 protocol. */
  S3("s3"),
  /** NVIDIA AIStore. */
  AISTORE("aistore");

  private final String yamlName;

  StorageType(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
