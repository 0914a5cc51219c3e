/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import io.dlioflink.storage.http.HttpException.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Receives the body of one answer. */
final class BodyReader {
  private static final int MAX_LINE_BYTES = 1024;

  /** A chunk with less left is received together with the line after it. */
  private static final int SMALL_BYTES = 4 << 10;

  private final HttpConnection connection;
  private final ByteBuffer sink;
  private final boolean cutsOff;
  private final HttpOptions options;
  private long bodyBytes;
  private boolean complete = true;
  private HeaderFields trailers = HeaderFields.NONE;

  /**
   * For a body.
   *
   * @param sink takes the bytes
   * @param cutsOff whether what does not fit is left out, instead of being a failure
   */
  BodyReader(HttpConnection connection, ByteBuffer sink, boolean cutsOff, HttpOptions options) {
    this.connection = connection;
    this.sink = sink;
    this.cutsOff = cutsOff;
    this.options = options;
  }

  /** Receives it. */
  void read(AnswerHead head) throws IOException {
    switch (head.framing()) {
      case NONE -> {}
      case LENGTH -> {
        long bytes = fitting(head.contentBytes());
        int ahead = connection.keepAhead();
        sink.position(sink.position() + ahead);
        bodyBytes = ahead;
        transfer(bytes - ahead, 0);
      }
      case CHUNKED -> readChunks();
      case UNTIL_CLOSE -> readUntilClose();
    }
  }

  long bodyBytes() {
    return bodyBytes;
  }

  /** Whether all of it was received. */
  boolean isComplete() {
    return complete;
  }

  HeaderFields trailers() {
    return trailers;
  }

  /** As many of the next bytes as there is room for. */
  private long fitting(long bytes) throws HttpException {
    if (bytes <= sink.remaining()) {
      return bytes;
    }
    if (!cutsOff) {
      throw new HttpException(
          Failure.TOO_LONG,
          "A body of %s%d bytes where %d fit"
              .formatted(
                  bodyBytes > 0 ? "more than " : "",
                  bodyBytes + bytes,
                  bodyBytes + sink.remaining()));
    }
    complete = false;
    return sink.remaining();
  }

  private void transfer(long bytes, int filledBelow) throws IOException {
    ByteBuffer input = connection.input();
    long left = bytes;
    while (left > 0) {
      long moved;
      if (input.hasRemaining()) {
        int piece = (int) Math.min(left, input.remaining());
        sink.put(input.slice(input.position(), piece));
        input.position(input.position() + piece);
        moved = piece;
      } else if (left < filledBelow) {
        more(bytes - left, bytes);
        continue;
      } else {
        moved = connection.read(sink, left);
        if (moved < 0) {
          throw truncated(bytes - left, bytes);
        }
      }
      left -= moved;
      bodyBytes += moved;
    }
  }

  private void more(long done, long expected) throws IOException {
    if (connection.fill() < 0) {
      throw truncated(done, expected);
    }
  }

  private HttpException truncated(long done, long expected) {
    return new HttpException(
        Failure.TRUNCATED,
        "The answer ended after %d bytes of its body, %d of %d expected next"
            .formatted(bodyBytes, done, expected));
  }

  private void readChunks() throws IOException {
    while (true) {
      long size = chunkSize();
      if (size == 0) {
        readTrailers();
        return;
      }
      transfer(fitting(size), SMALL_BYTES);
      if (!complete) {
        return;
      }
      expectLineEnd();
    }
  }

  private long chunkSize() throws IOException {
    long size = 0;
    int digits = 0;
    int b = next();
    for (int digit = Character.digit(b, 16); digit >= 0; digit = Character.digit(b, 16)) {
      if (++digits > 15) {
        throw new MalformedAnswer("a chunk size of more than 15 digits");
      }
      size = 16 * size + digit;
      b = next();
    }
    if (digits == 0) {
      throw new MalformedAnswer("a chunk without a size");
    }
    if (b != '\r' && b != '\n' && b != ';' && b != ' ' && b != '\t') {
      throw new MalformedAnswer("a chunk size that is no number");
    }
    for (int i = 0; b != '\n'; i++) {
      if (i == MAX_LINE_BYTES) {
        throw new MalformedAnswer("a chunk extension of more than %d bytes".formatted(i));
      }
      b = next();
    }
    return size;
  }

  private void expectLineEnd() throws IOException {
    int b = next();
    if (b == '\r') {
      b = next();
    }
    if (b != '\n') {
      throw new MalformedAnswer("a chunk longer than its size");
    }
  }

  private void readTrailers() throws IOException {
    ByteBuffer lines = ByteBuffer.allocate(options.maxHeadBytes());
    int lineBytes = 0;
    while (true) {
      byte b = (byte) next();
      if (!lines.hasRemaining()) {
        throw new MalformedAnswer("trailers of more than %d bytes".formatted(lines.capacity()));
      }
      lines.put(b);
      if (b == '\n' && lineBytes == 0) {
        break;
      }
      lineBytes = b == '\n' ? 0 : b == '\r' ? lineBytes : lineBytes + 1;
    }
    byte[] text = new byte[lines.flip().remaining()];
    lines.get(text);
    trailers = HeaderFields.parse(text, 0, options.maxHeaders());
  }

  private int next() throws IOException {
    if (!connection.input().hasRemaining()) {
      more(0, 1);
    }
    return connection.input().get() & 0xff;
  }

  private void readUntilClose() throws IOException {
    ByteBuffer input = connection.input();
    while (true) {
      if (input.hasRemaining()) {
        transfer(fitting(input.remaining()), 0);
        if (!complete) {
          return;
        }
      }
      // When the sink is full, the input shows whether more comes.
      int bytes = sink.hasRemaining() ? connection.read(sink, sink.remaining()) : connection.fill();
      if (bytes < 0) {
        return;
      }
      if (!input.hasRemaining()) {
        bodyBytes += bytes;
      }
    }
  }
}
