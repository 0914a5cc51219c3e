/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dlioflink.storage.EndpointCounts;
import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.http.HttpException.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client does with a server that does not behave: it says so, soon, and cleans up. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
final class HttpFaultsTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final HttpTimeouts PATIENT = new HttpTimeouts(LONG, LONG, LONG, LONG, LONG, LONG);

  private final byte[] content = new byte[100_000];
  private final ObjectOrigin origin = new ObjectOrigin().with("/file", content);
  private final RequestTelemetry telemetry = new RequestTelemetry();
  private FaultProxy server;
  private HttpEndpoint endpoint;

  @BeforeEach
  void start() throws IOException {
    server = FaultProxy.of(origin);
    endpoint = HttpEndpoint.of(server.uri());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void tellsARefusedConnection() throws IOException {
    server.goAway();

    HttpException failure = fails(PATIENT, Failure.UNREACHABLE);

    assertThat(failure).hasMessageContaining(endpoint.name()).hasMessageContaining("refused");
    assertThat(counts().requests()).isEqualTo(1);
    assertThat(counts().failures()).isEqualTo(1);
    assertThat(counts().connections()).isZero();
  }

  @Test
  void findsAServerThatCameBack() throws IOException {
    try (HttpClient client = client(PATIENT)) {
      get(client);
      server.goAway();
      assertThatExceptionOfType(HttpException.class).isThrownBy(() -> get(client));
      server.comeBack();
      assertThat(get(client).status()).isEqualTo(200);
    }
  }

  @Test
  void tellsAnUnknownHost() throws IOException {
    HttpEndpoint nowhere = new HttpEndpoint("nowhere.invalid", 80, false);
    try (HttpClient client = client(PATIENT)) {
      assertThatExceptionOfType(HttpException.class)
          .isThrownBy(() -> client.exchange(nowhere, new HttpRequest().start("GET", "/"), null))
          .withMessage("Unknown host: nowhere.invalid")
          .satisfies(e -> assertThat(e.failure()).isEqualTo(Failure.UNRESOLVED));
    }
  }

  @Test
  void tellsAConnectionThatEndsBeforeTheAnswer() throws IOException {
    server.next(1, Fault.close());
    server.next(1, Fault.reset());

    assertThat(fails(PATIENT, Failure.LOST))
        .hasMessageContaining("closed the connection without an answer");
    assertThat(fails(PATIENT, Failure.LOST)).hasMessageContaining("lost before the answer");
    assertThat(counts().failures()).isEqualTo(2);
  }

  @Test
  void tellsATruncatedBody() throws IOException {
    server.next(1, Fault.endAfter(40_000));
    server.next(1, Fault.resetAfter(40_000));

    assertThat(fails(PATIENT, Failure.TRUNCATED))
        .hasMessageContaining("ended after 40000 bytes of its body, 40000 of 100000 expected");
    assertThat(fails(PATIENT, Failure.TRUNCATED)).hasMessageContaining("lost amid the answer");
    assertThat(counts().failures()).isZero();
    assertThat(counts().requests()).isEqualTo(2);
  }

  @Test
  void givesWhatAShortenedAnswerAnnounces() throws IOException {
    server.next(1, Fault.shortened(40_000));
    try (HttpClient client = client(PATIENT)) {
      assertThat(get(client).bodyBytes()).isEqualTo(40_000);
    }
  }

  @Test
  void tellsABodyThatIsTooLong() throws IOException {
    server.next(1, Fault.lengthened(1));
    server.next(
        1,
        Fault.raw(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n186a1\r\n"
                + "x".repeat(100_001)));
    server.next(1, Fault.raw("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(100_001)));

    for (int i = 0; i < 3; i++) {
      assertThat(fails(PATIENT, Failure.TOO_LONG)).hasMessageContaining("100000 fit");
    }
  }

  @Test
  void tellsMoreBytesThanAnnouncedByNotUsingTheConnectionAgain() throws IOException {
    server.next(1, Fault.text("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab?"));
    try (HttpClient client = client(PATIENT)) {
      assertThat(get(client).bodyBytes()).isEqualTo(2);
      assertThat(client.openConnections()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "Transfer-Encoding: chunked\r\n\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5g\r\nhello\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nno trailer\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "Content-Length: five\r\n\r\nhello",
        "Content-Length: +5\r\n\r\nhello",
        "Content-Length: 99999999999999999999\r\n\r\nhello",
        "Content-Length:\r\n\r\nhello",
        "No header\r\n\r\n",
        "Name : value\r\n\r\n",
        "X: 1\r\n folded\r\n\r\n",
        "X: a\rb\r\n\r\n",
      })
  void tellsAMalformedAnswer(String lines) throws IOException {
    server.next(1, Fault.raw("HTTP/1.1 200 OK\r\n" + lines));

    assertThat(fails(PATIENT, Failure.MALFORMED)).hasMessageContaining(": Not HTTP/1.1: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSH-2.0-OpenSSH_9\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 20\r\n\r\n"})
  void tellsAServerOfAnotherKind(String answer) throws IOException {
    server.next(1, Fault.raw(answer));

    fails(PATIENT, Failure.MALFORMED);
  }

  @Test
  void boundsTheHead() throws IOException {
    server.next(1, Fault.text("HTTP/1.1 200 OK\r\nX: " + "x".repeat(20_000)));
    server.next(1, Fault.text("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(101) + "\r\n"));
    server.next(1, Fault.text("HTTP/1.1 100 Continue\r\n\r\n".repeat(20)));

    assertThat(fails(PATIENT, Failure.MALFORMED)).hasMessageContaining("more than 16384 bytes");
    assertThat(fails(PATIENT, Failure.MALFORMED)).hasMessageContaining("more than 100 headers");
    assertThat(fails(PATIENT, Failure.MALFORMED)).hasMessageContaining("16 interim answers");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\r\nhel",
        "5\r\nhello",
        "5",
        "5\r\nhello\r\n0\r\n",
      })
  void tellsAnEndAmidAChunk(String chunks) throws IOException {
    server.next(1, Fault.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks));

    fails(PATIENT, Failure.TRUNCATED);
  }

  @Test
  void tellsAnEndAmidAHead() throws IOException {
    server.next(1, Fault.raw("HTTP/1.1 200 OK\r\nContent-Le"));

    assertThat(fails(PATIENT, Failure.TRUNCATED)).hasMessageContaining("27 bytes of its head");
  }

  @Test
  void doesNotWaitForAnAnswerForever() throws IOException {
    server.next(1, Fault.hang());

    assertThat(fails(new HttpTimeouts(LONG, LONG, LONG, SHORT, LONG, LONG), Failure.TIMED_OUT))
        .hasMessage(endpoint + ": Time-out after 200 ms for the first byte of the answer");
    assertThat(counts().failures()).isEqualTo(1);
  }

  @Test
  void doesNotWaitForTheRestOfAnAnswerForever() throws IOException {
    server.next(1, Fault.stallAfter(50_000));

    assertThat(fails(new HttpTimeouts(LONG, LONG, LONG, LONG, SHORT, LONG), Failure.TIMED_OUT))
        .hasMessage(endpoint + ": Time-out after 200 ms for more of the answer");
  }

  @Test
  void boundsARequestWhoseAnswerTrickles() throws IOException {
    server.next(1, Fault.slow(Duration.ofMillis(5)));

    assertThat(fails(new HttpTimeouts(LONG, LONG, LONG, LONG, LONG, SHORT), Failure.TIMED_OUT))
        .hasMessage(endpoint + ": Time-out after 200 ms for the whole request");
  }

  @Test
  void doesNotSendForever() throws IOException {
    try (ServerSocket deaf = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        HttpClient client = client(new HttpTimeouts(LONG, LONG, SHORT, LONG, LONG, LONG))) {
      HttpEndpoint silent = new HttpEndpoint("127.0.0.1", deaf.getLocalPort(), false);
      HttpRequest put =
          new HttpRequest().start("PUT", "/x").body(ByteBuffer.allocateDirect(64 << 20));
      assertThatExceptionOfType(HttpException.class)
          .isThrownBy(() -> client.exchange(silent, put, null))
          .withMessage(silent + ": Time-out after 200 ms to send");
      assertThat(client.openConnections()).isZero();
    }
  }

  @Test
  void doesNotConnectForever() throws IOException {
    // A full backlog: the kernel leaves further connections unanswered.
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        HttpClient client = client(new HttpTimeouts(SHORT, LONG, LONG, LONG, LONG, LONG))) {
      HttpEndpoint busy = new HttpEndpoint("127.0.0.1", full.getLocalPort(), false);
      List<Socket> waiting = new ArrayList<>();
      try {
        for (int i = 0; i < 2; i++) {
          waiting.add(new Socket(InetAddress.getLoopbackAddress(), full.getLocalPort()));
        }
        assertThatExceptionOfType(HttpException.class)
            .isThrownBy(() -> client.exchange(busy, new HttpRequest().start("GET", "/"), null))
            .withMessageContaining("Time-out after 200 ms to connect");
      } finally {
        for (Socket socket : waiting) {
          socket.close();
        }
      }
    }
  }

  @Test
  void givesTheAnswerOfAServerThatRefusesABodyAmidIt() throws IOException {
    server.refuseBodies();
    server.next(
        1,
        connection -> {
          connection.write(
              "HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");
          connection.awaitEndOfClient();
        });
    try (HttpClient client = client(PATIENT)) {
      HttpRequest put =
          new HttpRequest().start("PUT", "/x").body(ByteBuffer.allocateDirect(16 << 20));
      HttpResponse response = client.exchange(endpoint, put, null);
      assertThat(response.status()).isEqualTo(403);
      assertThat(response.text()).isEqualTo("no");
      assertThat(client.openConnections()).isZero();
    }
  }

  @Test
  void takesAWrongByteForAByte() throws IOException {
    server.next(1, Fault.flipped(5));
    ByteBuffer target = ByteBuffer.allocateDirect(content.length);
    try (HttpClient client = client(PATIENT)) {
      client.exchange(endpoint, new HttpRequest().start("GET", "/file"), target);
    }
    assertThat(target.get(5)).isEqualTo((byte) 0x10);
  }

  @Test
  void givesRefusalsAndRedirectsAsTheyAre() throws IOException {
    server.next(1, Fault.slowDown());
    server.next(1, Fault.redirect("http://127.0.0.1:1"));
    try (HttpClient client = client(PATIENT)) {
      assertThat(get(client).text()).contains("<Code>SlowDown</Code>");
      assertThat(get(client).header("location")).contains("http://127.0.0.1:1/file");
      assertThat(client.idleConnections()).isEqualTo(1);
    }
    assertThat(counts()).extracting(EndpointCounts::failures).isEqualTo(0L);
  }

  private HttpException fails(HttpTimeouts timeouts, Failure failure) throws IOException {
    ByteBuffer target = ByteBuffer.allocateDirect(content.length + 50).position(25);
    target.limit(25 + content.length);
    try (HttpClient client = client(timeouts)) {
      HttpRequest request = new HttpRequest().start("GET", "/file");
      HttpException e =
          catchThrowableOfType(
              HttpException.class, () -> client.exchange(endpoint, request, target));
      assertThat(e).isNotNull();
      assertThat(e.failure()).as(e.getMessage()).isEqualTo(failure);
      assertThat(client.openConnections()).isZero();
      Awaitility.await().until(() -> server.openConnections() == 0);
      assertThat(target.position()).isEqualTo(25);
      assertThat(target.remaining()).isEqualTo(content.length);
      return e;
    }
  }

  private HttpClient client(HttpTimeouts timeouts) throws IOException {
    return new HttpClient(HttpOptions.DEFAULT.withTimeouts(timeouts), telemetry);
  }

  private HttpResponse get(HttpClient client) throws IOException {
    return client.exchange(
        endpoint,
        new HttpRequest().start("GET", "/file"),
        ByteBuffer.allocateDirect(content.length));
  }

  private EndpointCounts counts() {
    return telemetry.counts().get(endpoint.name());
  }
}
