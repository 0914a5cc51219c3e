/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * One attempt failed. Neither message nor cause may hold credentials, signatures or presigned URLs.
 */
final class RequestFailure extends IOException {
  private static final long serialVersionUID = 1L;

  /** Status of a failure without an answer. */
  static final int NO_ANSWER = 0;

  /** Code of a request that was never sent, because nobody could sign it. */
  static final String NO_CREDENTIALS = "NoCredentials";

  /** Code of a request whose signature is too old or too new. */
  static final String CLOCK_SKEW = "RequestTimeTooSkewed";

  private static final Set<Integer> FAULTS = Set.of(500, 502, 503, 504);
  private static final Set<String> PASSING_CODES =
      Set.of(
          "InternalError",
          "OperationAborted",
          "RequestTimeout",
          "IncompleteBody",
          "BadDigest",
          "XAmzContentChecksumMismatch");

  private final Endpoint endpoint;
  private final Answer answer;

  /**
   * What the server said.
   *
   * @param status HTTP status; {@link #NO_ANSWER} if it said nothing
   * @param code of the error document, e.g. {@code NoSuchKey}; empty if there was none, as with
   *     HEAD
   * @param message of the error document; empty if there was none
   * @param requestId {@code x-amz-request-id}; empty if there was none
   * @param retryAfter as the server asks
   * @param bucketRegion {@code x-amz-bucket-region}, where the bucket is if not in this region
   */
  record Answer(
      int status,
      String code,
      String message,
      String requestId,
      Optional<Duration> retryAfter,
      Optional<String> bucketRegion) {

    /** An answer that is refused here, with the status that fits. */
    static Answer local(int status, String message) {
      return new Answer(status, "", message, "", Optional.empty(), Optional.empty());
    }

    static final Answer NONE =
        new Answer(NO_ANSWER, "", "", "", Optional.empty(), Optional.empty());
  }

  private RequestFailure(Endpoint endpoint, Answer answer, String message, Throwable cause) {
    super(message, cause);
    this.endpoint = endpoint;
    this.answer = answer;
  }

  /** The server refused, or has a fault of its own. */
  static RequestFailure refused(Endpoint endpoint, Answer answer) {
    return new RequestFailure(
        endpoint,
        answer,
        "%d %s %s".formatted(answer.status(), answer.code(), answer.message()),
        null);
  }

  /**
   * No answer, or a broken one: no connection, reset, timed out, body cut off.
   *
   * @param what e.g. {@code "Connection refused"}
   */
  static RequestFailure unanswered(Endpoint endpoint, String what, Throwable cause) {
    return new RequestFailure(endpoint, Answer.NONE, what, cause);
  }

  /** The request could not be signed. */
  static RequestFailure withoutCredentials(Endpoint endpoint, String what, Throwable cause) {
    Answer answer =
        new Answer(NO_ANSWER, NO_CREDENTIALS, "", "", Optional.empty(), Optional.empty());
    return new RequestFailure(endpoint, answer, what, cause);
  }

  /** The server it was sent to. */
  Endpoint endpoint() {
    return endpoint;
  }

  /** What the server said; {@link Answer#NONE} if nothing. */
  Answer answer() {
    return answer;
  }

  /** Whether the server asks to slow down. */
  boolean isThrottle() {
    return answer.status() == 429
        || answer.code().equals("SlowDown")
        || answer.code().equals("RequestLimitExceeded")
        || answer.code().equals("TooManyRequests")
        || (answer.status() == 503 && answer.retryAfter().isPresent());
  }

  /** Whether the same request may succeed later. */
  boolean isPassing() {
    if (answer.code().equals(NO_CREDENTIALS) || isTrust()) {
      return false;
    }
    return isThrottle()
        || answer.status() == NO_ANSWER
        || answer.status() == 408
        || FAULTS.contains(answer.status())
        || PASSING_CODES.contains(answer.code());
  }

  /** Whether the server's clock differs too much from the one that the request was signed by. */
  boolean isClockSkew() {
    return answer.code().equals(CLOCK_SKEW);
  }

  /** Whether another endpoint may do better; one that asks to slow down works. */
  boolean isFaultOfEndpoint() {
    return !isThrottle()
        && !answer.code().equals(NO_CREDENTIALS)
        && (answer.status() == NO_ANSWER || FAULTS.contains(answer.status()));
  }

  /** Whether it failed because the server's certificate was not accepted. */
  boolean isTrust() {
    for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
        return true;
      }
    }
    return false;
  }
}
