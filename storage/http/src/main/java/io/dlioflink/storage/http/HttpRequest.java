/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A request as it goes over the wire. To be filled again and again by one thread, so that it costs
 * no memory; may be sent more than once.
 */
public final class HttpRequest {
  private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LINE_END = {'\r', '\n'};
  private static final ByteBuffer[] NO_BODY = {};

  private byte[] head = new byte[1024];
  private int headBytes;
  private String method = "";
  private ByteBuffer[] body = NO_BODY;
  private long bodyBytes;
  private boolean expectsContinue;

  /**
   * Begins anew.
   *
   * @param method e.g. {@code GET}
   * @param target path and query, encoded as they shall appear on the wire
   */
  public HttpRequest start(String method, String target) {
    this.method = method;
    headBytes = 0;
    body = NO_BODY;
    bodyBytes = 0;
    expectsContinue = false;
    if (target.isEmpty() || target.indexOf(' ') >= 0) {
      throw new IllegalArgumentException("A target must not be empty or hold spaces");
    }
    append(method);
    append(' ');
    append(target);
    append(VERSION);
    return this;
  }

  /**
   * Adds a header.
   *
   * @throws IllegalArgumentException if the value holds anything but printable ASCII
   */
  public HttpRequest header(String name, String value) {
    append(name);
    append(": ");
    append(value);
    append(LINE_END);
    return this;
  }

  /** Adds header lines prepared before, each with CR LF at its end. */
  public HttpRequest lines(byte[] prepared) {
    append(prepared);
    return this;
  }

  /**
   * Sets the body and its Content-Length. The buffers' positions are left alone; their bytes must
   * not change until the exchange ends. No buffer at all is a body of length 0.
   */
  public HttpRequest body(ByteBuffer... buffers) {
    body = buffers;
    bodyBytes = 0;
    for (ByteBuffer buffer : buffers) {
      bodyBytes += buffer.remaining();
    }
    return header("Content-Length", Long.toString(bodyBytes));
  }

  /**
   * Sends the body only when the server says so, or says nothing for a second, as one does that
   * knows nothing of this: see {@link HttpClient#heedsExpectations}.
   */
  public HttpRequest expectContinue() {
    expectsContinue = true;
    return header("Expect", "100-continue");
  }

  String method() {
    return method;
  }

  boolean expectsContinue() {
    return expectsContinue && bodyBytes > 0;
  }

  /** Whether sending it twice does what sending it once does. */
  boolean isIdempotent() {
    return !method.equals("POST") && !method.equals("PATCH");
  }

  long bodyBytes() {
    return bodyBytes;
  }

  int headBytes() {
    return headBytes + 2;
  }

  /** Puts the head, with the empty line at its end. */
  void putHead(ByteBuffer target) {
    target.put(head, 0, headBytes).put((byte) '\r').put((byte) '\n');
  }

  int bodyParts() {
    return body.length;
  }

  ByteBuffer bodyPart(int index) {
    return body[index].duplicate();
  }

  private void append(String text) {
    int length = text.length();
    reserve(length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x7f || (c < ' ' && c != '\t')) {
        // Without the text: it may be a secret.
        throw new IllegalArgumentException(
            "A request head may hold printable ASCII alone, not character %d".formatted((int) c));
      }
      head[headBytes + i] = (byte) c;
    }
    headBytes += length;
  }

  private void append(char c) {
    reserve(1);
    head[headBytes++] = (byte) c;
  }

  private void append(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, head, headBytes, bytes.length);
    headBytes += bytes.length;
  }

  private void reserve(int more) {
    if (headBytes + more > head.length) {
      head = Arrays.copyOf(head, Math.max(2 * head.length, headBytes + more));
    }
  }
}
