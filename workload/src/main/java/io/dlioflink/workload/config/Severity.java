/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

/** How much a {@link Problem} matters. */
public enum Severity {
  /** The workload cannot run. */
  ERROR,
  /** The workload runs, but something in it may surprise. */
  NOTICE
}
