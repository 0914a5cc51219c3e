/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

/** A phase ended without an outcome. */
public final class PhaseFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient RunFailure failure;

  PhaseFailedException(RunFailure failure) {
    super(failure.message());
    this.failure = failure;
  }

  /** Why. */
  public RunFailure failure() {
    return failure;
  }
}
