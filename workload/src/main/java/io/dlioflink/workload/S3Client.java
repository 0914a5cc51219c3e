/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

/** Which client moves the bytes of S3 ({@code storage.s3.client}). */
public enum S3Client implements YamlName {
  /** Our own signed HTTP/1.1 path, close to the cost of a plain socket. */
  LEAN("lean"),
  /** The SDK of the vendor, for comparison. */
  SDK("sdk");

  private final String yamlName;

  S3Client(String yamlName) {
    this.yamlName = yamlName;
  }

  @Override
  public String yamlName() {
    return yamlName;
  }
}
