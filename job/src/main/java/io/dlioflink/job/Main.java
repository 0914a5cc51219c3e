/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import io.dlioflink.job.cli.DlioFlink;

/** Entry point of the command line. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // Flink leaves non-daemon threads behind; the exit code must not wait for them.
    System.exit(DlioFlink.execute(args));
  }
}
