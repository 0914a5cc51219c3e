/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

/** Exit codes of the command line. */
public enum ExitCode {
  OK(0, "success"),
  FAILURE(1, "failure"),
  USAGE(2, "usage or configuration"),
  DATASET(3, "dataset missing, incomplete or broken"),
  STORAGE(4, "storage unavailable or not permitted"),
  INVALID(5, "the run ended, or lost a rank, or found bad files, and is INVALID"),
  AU_BELOW_EXPECTATION(6, "AU below metric.au, with --strict-au"),
  INTERRUPTED(130, "interrupted");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** What the process returns. */
  public int code() {
    return code;
  }

  /** For the help text. */
  public String meaning() {
    return meaning;
  }
}
