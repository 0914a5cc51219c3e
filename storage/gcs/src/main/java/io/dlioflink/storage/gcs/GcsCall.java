/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import java.util.Optional;
import java.util.OptionalLong;
import org.apache.http.Header;
import org.apache.http.HttpResponse;

/**
 * One call of the client library, which makes its requests in the thread that calls. So the
 * connection layer finds the call by the thread, and leaves there what the library does not hand
 * out. Not thread-safe.
 */
final class GcsCall implements AutoCloseable {
  private static final ThreadLocal<GcsCall> CURRENT = new ThreadLocal<>();

  private boolean begun;
  private boolean failed;
  private boolean throttled;
  private int expiredBodies;
  private HttpResponse answer;
  private Optional<String> uploadAddress = Optional.empty();

  private GcsCall() {}

  /** Begins a call in this thread. */
  static GcsCall begin() {
    GcsCall call = new GcsCall();
    CURRENT.set(call);
    return call;
  }

  /** The call that this thread is in, if any; tokens are fetched outside. */
  static Optional<GcsCall> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  /**
   * Notes an attempt. It repeats the one before if that failed; a download that goes on after its
   * body broke off does so, too, while an upload makes several requests by itself.
   *
   * @return whether it repeats an earlier one
   */
  boolean attempt(String method) {
    boolean repeats = begun && (failed || method.equals("GET"));
    begun = true;
    failed = true;
    return repeats;
  }

  /** Notes a body that took too long; how many did. */
  int expired() {
    return ++expiredBodies;
  }

  /** Whether the server asked to slow down. */
  boolean isThrottled() {
    return throttled;
  }

  void answered(HttpResponse response) {
    answer = response;
    uploadAddress = header("Location").or(() -> uploadAddress);
    int status = response.getStatusLine().getStatusCode();
    throttled = status == 503 || status == 429;
    failed = throttled || status >= 500 || status == 408;
  }

  /** A header of the last answer. */
  Optional<String> header(String name) {
    Header header = answer == null ? null : answer.getFirstHeader(name);
    return Optional.ofNullable(header).map(Header::getValue);
  }

  /** Where a resumable upload goes on that was begun in this call. */
  Optional<String> uploadAddress() {
    return uploadAddress;
  }

  /** The generation of the object that the last answer was about. */
  OptionalLong generation() {
    return header("x-goog-generation")
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElseGet(OptionalLong::empty);
  }

  /** The length of the whole object, as the last answer told it. */
  OptionalLong totalBytes() {
    Optional<String> range = header("Content-Range");
    return range.isPresent() && !range.get().endsWith("*")
        ? OptionalLong.of(Long.parseLong(range.get().substring(range.get().lastIndexOf('/') + 1)))
        : OptionalLong.empty();
  }

  @Override
  public void close() {
    CURRENT.remove();
  }
}
