/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import io.dlioflink.job.cli.DlioCommand;

/** Entry point of {@code bin/dlio_benchmark}. */
public final class DlioBenchmark {
  private DlioBenchmark() {}

  public static void main(String[] args) {
    System.exit(DlioCommand.execute(args));
  }
}
