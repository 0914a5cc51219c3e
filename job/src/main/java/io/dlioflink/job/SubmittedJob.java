/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import io.dlioflink.job.cli.ClusterSubmission;

/**
 * Entry point of the job jar for {@code flink run} and the web UI: takes the arguments of {@code
 * dlio-flink run} and executes the phases on the cluster it was submitted to.
 */
public final class SubmittedJob {
  private SubmittedJob() {}

  public static void main(String[] args) throws Exception {
    ClusterSubmission.execute(args);
  }
}
