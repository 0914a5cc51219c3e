/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** What a {@link FaultProxy} does with one request instead of answering it well. */
@FunctionalInterface
public interface Fault {
  /** Does it. */
  void apply(FaultyConnection connection) throws IOException;

  /** Answers with an error and an S3 error document, without asking the origin. */
  static Fault status(int status, String code, Map<String, String> headers) {
    byte[] body =
        "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>Made by a test</Message></Error>"
            .formatted(code)
            .getBytes(StandardCharsets.UTF_8);
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("content-type", "application/xml");
    return connection ->
        connection.send(
            connection.request().method().equals("HEAD")
                ? WireMessage.answer(status, all, body).withBody(new byte[0])
                : WireMessage.answer(status, all, body));
  }

  /** 503 SlowDown. */
  static Fault slowDown() {
    return status(503, "SlowDown", Map.of());
  }

  /** 307 to another server, given as {@code http://host:port}. */
  static Fault redirect(String server) {
    return connection ->
        status(307, "TemporaryRedirect", Map.of("location", server + connection.request().target()))
            .apply(connection);
  }

  /** An answer with a chunked error document. */
  static Fault chunkedStatus(int status, String body) {
    return connection -> {
      connection.write("HTTP/1.1 %d So\r\nTransfer-Encoding: chunked\r\n\r\n".formatted(status));
      for (int i = 0; i < body.length(); i += 10) {
        String piece = body.substring(i, Math.min(body.length(), i + 10));
        connection.write("%x;name=value\r\n%s\r\n".formatted(piece.length(), piece));
      }
      connection.write("0\r\nX-Trailer: after\r\n\r\n");
    };
  }

  /** Resets the connection after some bytes of the body. */
  static Fault resetAfter(int bodyBytes) {
    return connection -> {
      WireMessage answer = connection.ask();
      connection.out().write(answer.rawHead());
      connection.out().write(answer.rawBody(), 0, Math.min(bodyBytes, answer.rawBody().length));
      connection.out().flush();
      connection.reset();
    };
  }

  /** Resets the connection instead of answering. */
  static Fault reset() {
    return FaultyConnection::reset;
  }

  /** Closes the connection instead of answering. */
  static Fault close() {
    return FaultyConnection::close;
  }

  /** Ends the body, and the connection, before the announced length. */
  static Fault endAfter(int bodyBytes) {
    return connection -> {
      WireMessage answer = connection.ask();
      connection.out().write(answer.rawHead());
      connection.out().write(answer.rawBody(), 0, Math.min(bodyBytes, answer.rawBody().length));
      connection.close();
    };
  }

  /** Sends less of the body than there is, and announces just that. */
  static Fault shortened(int bodyBytes) {
    return connection -> {
      WireMessage answer = connection.ask();
      byte[] body = Arrays.copyOf(answer.rawBody(), Math.min(bodyBytes, answer.rawBody().length));
      connection.send(answer.with("content-length", Integer.toString(body.length)).withBody(body));
    };
  }

  /** Sends more of a body than there is, and announces just that. */
  static Fault lengthened(int moreBytes) {
    return connection -> {
      WireMessage answer = connection.ask();
      byte[] body = Arrays.copyOf(answer.rawBody(), answer.rawBody().length + moreBytes);
      connection.send(answer.with("content-length", Integer.toString(body.length)).withBody(body));
    };
  }

  /** Sends the answer, head and body, byte by byte. */
  static Fault slow(Duration betweenBytes) {
    return connection -> {
      WireMessage answer = connection.ask();
      trickle(connection, answer.rawHead(), betweenBytes);
      trickle(connection, answer.rawBody(), betweenBytes);
    };
  }

  /** Sends the head, then the body byte by byte. */
  static Fault slowBody(Duration betweenBytes) {
    return connection -> {
      WireMessage answer = connection.ask();
      connection.out().write(answer.rawHead());
      trickle(connection, answer.rawBody(), betweenBytes);
    };
  }

  private static void trickle(FaultyConnection connection, byte[] bytes, Duration betweenBytes)
      throws IOException {
    for (byte b : bytes) {
      connection.out().write(b);
      connection.out().flush();
      if (connection.endsWithin(betweenBytes)) {
        return;
      }
    }
  }

  /** Sends some bytes of the body, then nothing more until the client gives up. */
  static Fault stallAfter(int bodyBytes) {
    return connection -> {
      WireMessage answer = connection.ask();
      connection.out().write(answer.rawHead());
      connection.out().write(answer.rawBody(), 0, Math.min(bodyBytes, answer.rawBody().length));
      connection.out().flush();
      connection.awaitEndOfClient();
    };
  }

  /** Does not answer until the client gives up. */
  static Fault hang() {
    return FaultyConnection::awaitEndOfClient;
  }

  /** Changes one bit of the body. */
  static Fault flipped(int position) {
    return connection -> {
      WireMessage answer = connection.ask();
      byte[] body = answer.rawBody().clone();
      body[position] ^= 0x10;
      connection.send(answer.withBody(body));
    };
  }

  /** Changes one bit of the body of an S3 object, whose CRC-32 the answer tells as it was. */
  static Fault flippedBehindCrc32(int position) {
    return connection -> {
      WireMessage answer = connection.ask();
      byte[] body = answer.rawBody().clone();
      CRC32 crc = new CRC32();
      crc.update(body);
      byte[] value = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
      body[position] ^= 0x10;
      connection.send(
          answer
              .with("x-amz-checksum-crc32", Base64.getEncoder().encodeToString(value))
              .withBody(body));
    };
  }

  /** Sends something that may be no answer at all, and closes the connection. */
  static Fault raw(byte[] bytes) {
    return connection -> {
      OutputStream out = connection.out();
      out.write(bytes);
      connection.close();
    };
  }

  /** Like {@link #raw(byte[])}. */
  static Fault raw(String text) {
    return raw(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends something and leaves the connection open. */
  static Fault text(String text) {
    return connection -> connection.write(text);
  }
}
