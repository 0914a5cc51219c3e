/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

/** The form of our report files, the same number for all phases. */
public final class ReportSchema {
  /** {@code schema_version}; grows when a field changes its meaning or goes. */
  public static final int VERSION = 2;

  private ReportSchema() {}
}
