/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.storage.RequestTelemetry;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged answers in random pieces: an answer or a sorted failure, within the target's bounds. */
final class AnswerFuzzTest {
  private static final int ROUNDS = 200_000;
  private static final String[] SEEDS = {
    """
    HTTP/1.1 200 OK\r
    Content-Length: 26\r
    ETag: "1"\r
    \r
    abcdefghijklmnopqrstuvwxyz\
    """,
    """
    HTTP/1.1 206 Partial Content\r
    Transfer-Encoding: chunked\r
    \r
    5;a=b\r
    hello\r
    10\r
    0123456789abcdef\r
    0\r
    X-Sum: 1\r
    \r
    """,
    """
    HTTP/1.1 100 Continue\r
    \r
    HTTP/1.1 503 Slow Down\r
    Retry-After: 1\r
    Content-Length: 5\r
    Connection: close\r
    \r
    <E/>
    """,
    """
    HTTP/1.0 200 OK
    Server: old

    until the connection ends\
    """,
    """
    HTTP/1.1 404 Not Found\r
    Transfer-Encoding: chunked\r
    \r
    7\r
    <Error>\r
    0\r
    \r
    """,
  };
  private static final byte[] TOKENS =
      "\r\n:; 0123456789abcdefHTP/.-,\t".getBytes(StandardCharsets.US_ASCII);

  private static final ConnectionPool POOL =
      new ConnectionPool(
          new HttpEndpoint("fuzz", 1, false),
          HttpOptions.DEFAULT,
          new Watchdog(Duration.ofSeconds(1), () -> {}));

  private final Random random = new Random(4711);
  private final HttpRequest request = new HttpRequest().start("GET", "/");

  @Test
  void damagedAnswersAreToldOrRead() throws IOException {
    int answers = 0;
    int failures = 0;
    long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    for (int i = 0; i < ROUNDS && System.nanoTime() < end; i++) {
      byte[] bytes = SEEDS[i % SEEDS.length].getBytes(StandardCharsets.ISO_8859_1);
      if (tells(i < SEEDS.length ? bytes : damaged(bytes))) {
        failures++;
      } else {
        answers++;
      }
    }
    assertThat(answers).isGreaterThan(100);
    assertThat(failures).isGreaterThan(100);
  }

  private byte[] damaged(byte[] bytes) {
    byte[] damaged = bytes;
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(damaged.length);
      switch (random.nextInt(5)) {
        case 0 -> damaged[at] = (byte) random.nextInt(256);
        case 1 -> damaged[at] = TOKENS[random.nextInt(TOKENS.length)];
        case 2 -> damaged = spliced(damaged, at, 0, random.nextInt(1, 10));
        case 3 -> damaged = spliced(damaged, at, Math.min(5, damaged.length - at - 1), 0);
        default -> damaged = spliced(damaged, Math.max(1, at), damaged.length - at - 1, 0);
      }
    }
    return damaged;
  }

  private byte[] spliced(byte[] bytes, int at, int removed, int added) {
    int gone = Math.max(0, Math.min(removed, bytes.length - at - 1));
    byte[] result = new byte[bytes.length - gone + added];
    System.arraycopy(bytes, 0, result, 0, at);
    for (int i = 0; i < added; i++) {
      result[at + i] = TOKENS[random.nextInt(TOKENS.length)];
    }
    System.arraycopy(bytes, at + gone, result, at + added, bytes.length - at - gone);
    return result;
  }

  /** Whether the answer is told to be broken. */
  private boolean tells(byte[] bytes) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(64).position(8).limit(48);
    HttpConnection connection = connection(bytes);
    boolean told = false;
    try {
      new HttpExchange(connection, request, HttpOptions.DEFAULT, new RequestTelemetry(), "fuzz:1")
          .run(target);
    } catch (HttpException | MalformedAnswer e) {
      told = true;
    }
    for (int i = 0; i < 64; i++) {
      if (i < 8 || i >= 48) {
        assertThat(target.array()[i]).isZero();
      }
    }
    connection.close();
    return told;
  }

  private HttpConnection connection(byte[] bytes) throws IOException {
    ByteBuffer wire = ByteBuffer.wrap(bytes);
    int longest = 1 + random.nextInt(bytes.length);
    Transport transport =
        new Transport() {
          private boolean ended;

          @Override
          public int read(ByteBuffer target) throws IOException {
            if (!target.hasRemaining()) {
              throw new AssertionError("A read without room waits forever");
            }
            if (!wire.hasRemaining()) {
              if (ended) {
                throw new EOFException("Read past the end");
              }
              ended = true;
              return -1;
            }
            int piece = Math.min(Math.min(longest, wire.remaining()), target.remaining());
            target.put(wire.slice(wire.position(), piece));
            wire.position(wire.position() + piece);
            return piece;
          }

          @Override
          public void write(ByteBuffer[] sources) {}

          @Override
          public boolean isAlive() {
            return true;
          }
        };
    return new HttpConnection(
        SocketChannel.open(), transport, new Deadline(() -> {}), HttpOptions.DEFAULT, POOL);
  }
}
