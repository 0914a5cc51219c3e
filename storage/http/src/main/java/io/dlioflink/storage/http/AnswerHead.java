/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.util.Locale;

/**
 * Status line and headers of an answer, and what they say of its body (RFC 9112, section 6).
 *
 * @param status three digits
 * @param framing how the end of the body is known
 * @param contentBytes the length of the body if its framing is {@code LENGTH}
 * @param keepsAlive whether the server keeps the connection open
 */
record AnswerHead(
    int status, HeaderFields fields, Framing framing, long contentBytes, boolean keepsAlive) {

  enum Framing {
    NONE,
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  private static final int FIELDS_MINIMUM = "HTTP/1.1 200".length();

  /**
   * Reads a head.
   *
   * @param text all of it, with the empty line at its end
   * @param isHead whether it answers a HEAD request
   */
  static AnswerHead parse(byte[] text, boolean isHead, int maxHeaders) throws MalformedAnswer {
    if (text.length < FIELDS_MINIMUM || !startsWithVersion(text)) {
      throw new MalformedAnswer("no status line of HTTP/1.1");
    }
    int status = 0;
    for (int i = 9; i < 12; i++) {
      if (text[i] < '0' || text[i] > '9') {
        throw new MalformedAnswer("no status of three digits");
      }
      status = 10 * status + text[i] - '0';
    }
    if (status < 100 || (text.length > 12 && text[12] > ' ')) {
      throw new MalformedAnswer("no status of three digits from 100 on");
    }
    int lines = FIELDS_MINIMUM;
    while (lines < text.length && text[lines] != '\n') {
      lines++;
    }
    HeaderFields fields = HeaderFields.parse(text, lines + 1, maxHeaders);
    boolean keepsAlive = keepsAlive(fields, text[7] == '1');
    if (isHead || status < 200 || status == 204 || status == 304) {
      return new AnswerHead(status, fields, Framing.NONE, 0, keepsAlive);
    }
    return withBody(status, fields, keepsAlive);
  }

  /** Whether it announces a body of so many bytes at least. */
  boolean hasLength(long bytes) {
    return framing == Framing.LENGTH && contentBytes >= bytes;
  }

  private static AnswerHead withBody(int status, HeaderFields fields, boolean keepsAlive)
      throws MalformedAnswer {
    int coding = fields.find("transfer-encoding", 0);
    int length = fields.find("content-length", 0);
    if (coding >= 0) {
      if (!fields.value(coding).toLowerCase(Locale.ROOT).equals("chunked")
          || fields.find("transfer-encoding", coding + 1) >= 0) {
        throw new MalformedAnswer("a transfer coding other than chunked");
      }
      // Both may be an attempt to smuggle a second answer: believe no more of this connection.
      return new AnswerHead(status, fields, Framing.CHUNKED, 0, keepsAlive && length < 0);
    }
    if (length < 0) {
      return new AnswerHead(status, fields, Framing.UNTIL_CLOSE, 0, false);
    }
    long bytes = parseLength(fields.value(length));
    for (int i = fields.find("content-length", length + 1);
        i >= 0;
        i = fields.find("content-length", i + 1)) {
      if (parseLength(fields.value(i)) != bytes) {
        throw new MalformedAnswer("two different Content-Length");
      }
    }
    return new AnswerHead(status, fields, Framing.LENGTH, bytes, keepsAlive);
  }

  private static boolean startsWithVersion(byte[] text) {
    String version = "HTTP/1.";
    for (int i = 0; i < version.length(); i++) {
      if (text[i] != version.charAt(i)) {
        return false;
      }
    }
    return (text[7] == '0' || text[7] == '1') && text[8] == ' ';
  }

  private static boolean keepsAlive(HeaderFields fields, boolean isHttp11) {
    for (int i = fields.find("connection", 0); i >= 0; i = fields.find("connection", i + 1)) {
      String value = fields.value(i).toLowerCase(Locale.ROOT);
      if (value.contains("close")) {
        return false;
      }
      if (value.contains("keep-alive")) {
        return true;
      }
    }
    return isHttp11;
  }

  private static long parseLength(String digits) throws MalformedAnswer {
    long bytes = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9' || bytes > (Long.MAX_VALUE - 9) / 10) {
        throw new MalformedAnswer("a Content-Length that is no number");
      }
      bytes = 10 * bytes + c - '0';
    }
    if (digits.isEmpty()) {
      throw new MalformedAnswer("an empty Content-Length");
    }
    return bytes;
  }
}
