/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request or an answer as it was on the wire.
 *
 * @param startLine without its end
 * @param headers by lower-case name; of several of one name the last
 * @param rawHead all of it, with the empty line
 * @param rawBody with chunk sizes, if it had them
 */
@SuppressWarnings("ArrayRecordComponent")
public record WireMessage(
    String startLine, Map<String, String> headers, byte[] rawHead, byte[] rawBody) {

  /** The method of a request. */
  public String method() {
    return startLine.substring(0, startLine.indexOf(' '));
  }

  /** The target of a request. */
  public String target() {
    return startLine.split(" ")[1];
  }

  /** The status of an answer. */
  public int status() {
    return Integer.parseInt(startLine.split(" ")[1]);
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** The body without chunk sizes. */
  public byte[] body() throws IOException {
    if (!isChunked()) {
      return rawBody;
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int at = 0;
    while (true) {
      int end = at;
      while (rawBody[end] != '\n') {
        end++;
      }
      String line = new String(rawBody, at, end - at, StandardCharsets.US_ASCII).strip();
      int size = Integer.parseInt(line.split(";")[0], 16);
      if (size == 0) {
        return body.toByteArray();
      }
      body.write(rawBody, end + 1, size);
      at = end + 1 + size + 2;
    }
  }

  private boolean isChunked() {
    return header("transfer-encoding").orElse("").equalsIgnoreCase("chunked");
  }

  /** An answer. */
  public static WireMessage answer(int status, Map<String, String> headers, byte[] body) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    if (status != 204 && status != 304) {
      all.putIfAbsent("content-length", Integer.toString(body.length));
    }
    return withHeaders("HTTP/1.1 " + status + " So", all, body);
  }

  private static WireMessage withHeaders(
      String startLine, Map<String, String> headers, byte[] body) {
    StringBuilder head = new StringBuilder(startLine).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    byte[] raw = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    return new WireMessage(startLine, headers, raw, body);
  }

  /** This answer with another header. */
  public WireMessage with(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(name.toLowerCase(Locale.ROOT), value);
    return withHeaders(startLine, all, rawBody);
  }

  /** This answer with another body; its headers stay. */
  public WireMessage withBody(byte[] other) {
    return new WireMessage(startLine, headers, rawHead, other);
  }

  /** The next head; null at the end of the stream. */
  static WireMessage readHead(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int lineBytes = 0;
    while (true) {
      int b = in.read();
      if (b < 0) {
        if (head.size() == 0) {
          return null;
        }
        throw new EOFException("The stream ended amid a head");
      }
      head.write(b);
      if (b == '\n') {
        if (lineBytes == 0) {
          break;
        }
        lineBytes = 0;
      } else if (b != '\r') {
        lineBytes++;
      }
    }
    String[] lines = head.toString(StandardCharsets.ISO_8859_1).split("\r?\n");
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    return new WireMessage(lines[0], headers, head.toByteArray(), new byte[0]);
  }

  /** This with the body that follows; until the end of the stream if no length is told. */
  WireMessage readBody(InputStream in, boolean untilEnd) throws IOException {
    if (isChunked()) {
      return withBody(readChunks(in));
    }
    Optional<String> length = header("content-length");
    if (length.isPresent()) {
      byte[] body = in.readNBytes(Integer.parseInt(length.get()));
      if (body.length < Integer.parseInt(length.get())) {
        throw new EOFException("The stream ended amid a body");
      }
      return withBody(body);
    }
    return untilEnd ? withBody(in.readAllBytes()) : this;
  }

  private static byte[] readChunks(InputStream in) throws IOException {
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    while (true) {
      String line = readLine(in, raw);
      int size = Integer.parseInt(line.split(";")[0].strip(), 16);
      raw.write(in.readNBytes(size));
      if (size > 0) {
        readLine(in, raw);
        continue;
      }
      while (!readLine(in, raw).isEmpty()) {
        // A trailer.
      }
      return raw.toByteArray();
    }
  }

  private static String readLine(InputStream in, ByteArrayOutputStream raw) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("The stream ended amid a line");
      }
      raw.write(b);
      if (b == '\n') {
        return line.toString().strip();
      }
      line.append((char) b);
    }
  }
}
