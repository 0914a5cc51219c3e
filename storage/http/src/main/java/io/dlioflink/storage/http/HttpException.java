/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.io.IOException;
import java.util.OptionalInt;

/** A request got no answer, or none that can be used; the message names the endpoint. */
public final class HttpException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Failure {
    /** The name of the host is not known. */
    UNRESOLVED(true),
    /** No connection came about: refused, unreachable. */
    UNREACHABLE(true),
    /** The TLS handshake failed: certificate, host name, protocol. */
    UNTRUSTED(false),
    /** A stage took too long. */
    TIMED_OUT(true),
    /** The connection ended or was reset before the answer began. */
    LOST(true),
    /** The answer ended before its announced end. */
    TRUNCATED(true),
    /** The answer is not HTTP/1.1. */
    MALFORMED(true),
    /** The body of the answer is longer than there is room for. */
    TOO_LONG(false),
    /** The client was closed. */
    CLOSED(false);

    private final boolean repeatable;

    Failure(boolean repeatable) {
      this.repeatable = repeatable;
    }

    /** Whether another attempt may do better. */
    public boolean isRepeatable() {
      return repeatable;
    }
  }

  private static final int NO_STATUS = 0;

  private final Failure failure;
  private final int status;

  HttpException(Failure failure, int status, String message, Throwable cause) {
    super(message, cause);
    this.failure = failure;
    this.status = status;
  }

  HttpException(Failure failure, String message, Throwable cause) {
    this(failure, NO_STATUS, message, cause);
  }

  HttpException(Failure failure, String message) {
    this(failure, message, null);
  }

  /** What went wrong. */
  public Failure failure() {
    return failure;
  }

  /** Status of the answer, if it came as far as that. */
  public OptionalInt status() {
    return status == NO_STATUS ? OptionalInt.empty() : OptionalInt.of(status);
  }
}
