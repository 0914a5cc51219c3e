/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * One attempt failed. Neither message nor cause may hold credentials, signatures or presigned URLs.
 */
final class RequestFailure extends IOException {
  private static final long serialVersionUID = 1L;

  /** Status of a failure without an answer. */
  static final int NO_ANSWER = 0;

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
        || (answer.status() == 503 && answer.code().isEmpty());
  }
}
