/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.doctor;

/**
 * What one check of a worker showed.
 *
 * @param check what was checked, e.g. {@code dataset: put}
 * @param status how it ended
 * @param detail what was found
 * @param remedy what to change; empty if nothing has to be
 */
public record Finding(String check, Status status, String detail, String remedy) {

  /** How a check ended. */
  public enum Status {
    /** As it should be. */
    OK("ok"),
    /** Could not be checked; the detail says why. */
    SKIPPED("skipped"),
    /** A run works, but not as well as it could. */
    WARNING("warning"),
    /** A run would fail. */
    FAILED("FAILED");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    /** For people. */
    String word() {
      return word;
    }
  }

  static Finding ok(String check, String detail) {
    return new Finding(check, Status.OK, detail, "");
  }

  static Finding skipped(String check, String why) {
    return new Finding(check, Status.SKIPPED, why, "");
  }

  static Finding warning(String check, String detail, String remedy) {
    return new Finding(check, Status.WARNING, detail, remedy);
  }

  static Finding failed(String check, String detail, String remedy) {
    return new Finding(check, Status.FAILED, detail, remedy);
  }
}
