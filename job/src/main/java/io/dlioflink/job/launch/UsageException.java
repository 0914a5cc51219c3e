/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

/** The command line or the configuration does not make sense; the message says what to do. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
