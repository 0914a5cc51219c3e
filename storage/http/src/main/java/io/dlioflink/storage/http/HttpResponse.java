/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** An answer whose body has been received. */
public final class HttpResponse {
  private final AnswerHead head;
  private final HeaderFields trailers;
  private final long bodyBytes;
  private final byte[] text;

  HttpResponse(AnswerHead head, HeaderFields trailers, long bodyBytes, byte[] text) {
    this.head = head;
    this.trailers = trailers;
    this.bodyBytes = bodyBytes;
    this.text = text;
  }

  /** Three digits. */
  public int status() {
    return head.status();
  }

  /** Whether the status is 2xx. */
  public boolean isSuccess() {
    return status() / 100 == 2;
  }

  /** The value of a header, else of a trailer. */
  public Optional<String> header(String name) {
    String lowerCase = name.toLowerCase(Locale.ROOT);
    String value = head.fields().first(lowerCase);
    return Optional.ofNullable(value != null ? value : trailers.first(lowerCase));
  }

  /** Bytes of the body received, in the target or as text. */
  public long bodyBytes() {
    return bodyBytes;
  }

  /** The body if it did not go into a target; of an error no more than its first 64 KiB. */
  public String text() {
    return new String(text, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "HttpResponse[" + status() + ", " + bodyBytes + " bytes]";
  }
}
