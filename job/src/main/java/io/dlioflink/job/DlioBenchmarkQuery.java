/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import io.dlioflink.job.cli.DlioQueryCommand;

/** Entry point of {@code bin/dlio_benchmark_query}. */
public final class DlioBenchmarkQuery {
  private DlioBenchmarkQuery() {}

  public static void main(String[] args) {
    System.exit(DlioQueryCommand.execute(args));
  }
}
