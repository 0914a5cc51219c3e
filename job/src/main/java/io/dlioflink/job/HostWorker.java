/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import io.dlioflink.job.cli.DlioCommand;

/**
 * Entry point of local rank 0 on the hosts that do not lead; the arguments of the command are the
 * leader's matter. Ends with the exit code of the run.
 */
public final class HostWorker {
  private HostWorker() {}

  public static void main(String[] args) {
    System.exit(DlioCommand.follow());
  }
}
