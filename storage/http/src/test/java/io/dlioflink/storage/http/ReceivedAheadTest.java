/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dlioflink.storage.RequestTelemetry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Answers one after the other on a connection, whose bodies are received in one call with their
 * heads, whether or not these are as long as the one before.
 */
final class ReceivedAheadTest {
  private static final int ROUNDS = 4_000;
  private static final int MAX_BODY_BYTES = 1_000;
  private static final int LARGE_BODY_BYTES = 300_000;

  private static final ConnectionPool POOL =
      new ConnectionPool(
          new HttpEndpoint("ahead", 1, false),
          HttpOptions.DEFAULT,
          new Watchdog(Duration.ofSeconds(1), () -> {}));

  private final Random random = new Random(4711);
  private final HttpRequest request = new HttpRequest().start("GET", "/");
  private final Wire wire = new Wire();
  private HttpConnection connection;

  /** Gives what was sent in one piece if there is room, or in random pieces. */
  private static final class Wire implements Transport {
    private final Random random = new Random(815);
    private ByteBuffer sent = ByteBuffer.allocate(0);
    private boolean inPieces;
    private int ahead;

    @Override
    public int read(ByteBuffer target) {
      if (!sent.hasRemaining()) {
        return -1;
      }
      int most = Math.min(sent.remaining(), target.remaining());
      int piece = inPieces ? 1 + random.nextInt(most) : most;
      target.put(sent.slice(sent.position(), piece));
      sent.position(sent.position() + piece);
      return piece;
    }

    @Override
    public int read(ByteBuffer first, ByteBuffer second) {
      int bytes = read(first);
      if (first.hasRemaining() || !sent.hasRemaining() || !second.hasRemaining()) {
        return bytes;
      }
      ahead++;
      return bytes + read(second);
    }

    @Override
    public void write(ByteBuffer[] sources) {}

    @Override
    public boolean isAlive() {
      return true;
    }
  }

  @Test
  void everyBodyArrivesWhateverTheLengthOfItsHead() throws IOException {
    open();
    for (int i = 0; i < ROUNDS; i++) {
      byte[] body = content(random.nextInt(10) == 0 ? LARGE_BODY_BYTES : MAX_BODY_BYTES);
      ByteBuffer target = ByteBuffer.allocateDirect(body.length + 16).position(8);
      int kind = random.nextInt(6);
      wire.inPieces = random.nextBoolean();

      HttpResponse response = exchange(answer(kind, body), target);

      if (kind == 0) {
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.text())
            .isEqualTo(
                new String(body, 0, Math.min(body.length, 64 << 10), StandardCharsets.US_ASCII));
        assertThat(target.position()).isEqualTo(8);
      } else {
        assertThat(response.bodyBytes()).isEqualTo(body.length);
        assertThat(target.position()).isEqualTo(8 + body.length);
        assertThat(target.flip().position(8)).isEqualTo(ByteBuffer.wrap(body));
      }
    }
    assertThat(wire.ahead).isGreaterThan(ROUNDS / 4);
  }

  @Test
  void aBodyTooLongIsToldThoughPartOfItIsThere() throws IOException {
    open();
    exchange(answer(1, hundred()), ByteBuffer.allocateDirect(100));

    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(() -> exchange(answer(1, hundred()), ByteBuffer.allocateDirect(99)))
        .matches(e -> e.failure() == HttpException.Failure.TOO_LONG);
  }

  @Test
  void anAnswerCutOffAmidItsBodyIsTold() throws IOException {
    open();
    exchange(answer(1, hundred()), ByteBuffer.allocateDirect(100));
    byte[] whole = answer(1, hundred());

    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(
            () -> exchange(Arrays.copyOf(whole, whole.length - 1), ByteBuffer.allocateDirect(100)))
        .matches(e -> e.failure() == HttpException.Failure.TRUNCATED);
  }

  @Test
  void bytesAfterTheBodyEndTheUseOfTheConnection() throws IOException {
    open();
    exchange(answer(1, hundred()), ByteBuffer.allocateDirect(100));
    byte[] whole = answer(1, hundred());
    wire.sent = ByteBuffer.wrap(Arrays.copyOf(whole, whole.length + 7));
    ByteBuffer target = ByteBuffer.allocateDirect(200);
    HttpExchange exchange = exchange();

    HttpResponse response = exchange.run(target);

    assertThat(response.bodyBytes()).isEqualTo(100);
    assertThat(exchange.isReusable()).isFalse();
  }

  private static byte[] hundred() {
    return "0123456789".repeat(10).getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] content(int most) {
    byte[] content = new byte[1 + random.nextInt(most)];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) ('a' + random.nextInt(26));
    }
    return content;
  }

  private byte[] answer(int kind, byte[] body) {
    String filler =
        random.nextInt(4) == 0 ? "X-Id: " + "1".repeat(random.nextInt(300)) + "\r\n" : "";
    String text = new String(body, StandardCharsets.US_ASCII);
    String length = "Content-Length: " + body.length + "\r\n\r\n" + text;
    String answer =
        switch (kind) {
          case 0 -> "HTTP/1.1 503 Slow Down\r\n" + filler + length;
          case 2 ->
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n"
                  .formatted(filler, body.length, text);
          case 3 -> "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n" + filler + length;
          default -> "HTTP/1.1 206 Partial Content\r\n" + filler + length;
        };
    return answer.getBytes(StandardCharsets.US_ASCII);
  }

  private void open() throws IOException {
    connection =
        new HttpConnection(
            SocketChannel.open(), wire, new Deadline(() -> {}), HttpOptions.DEFAULT, POOL);
  }

  private HttpExchange exchange() {
    return new HttpExchange(
        connection, request, HttpOptions.DEFAULT, new RequestTelemetry(), "ahead:1");
  }

  private HttpResponse exchange(byte[] answer, ByteBuffer target) throws IOException {
    wire.sent = ByteBuffer.wrap(answer);
    connection.begin(Long.MAX_VALUE);
    HttpExchange exchange = exchange();
    HttpResponse response = exchange.run(target);
    if (!exchange.isReusable()) {
      connection.close();
      open();
    }
    return response;
  }
}
