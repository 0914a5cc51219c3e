/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dlioflink.storage.EndpointCounts;
import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.http.HttpException.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client does with a server that behaves well. */
final class HttpClientTest {
  private final byte[] content = random(300_000);
  private final ObjectOrigin origin = new ObjectOrigin().with("/file", content);
  private final RequestTelemetry telemetry = new RequestTelemetry();
  private final HttpRequest request = new HttpRequest();
  private FaultProxy server;
  private HttpClient client;
  private HttpEndpoint endpoint;

  @BeforeEach
  void start() throws IOException {
    server = FaultProxy.of(origin);
    client = new HttpClient(HttpOptions.DEFAULT, telemetry);
    endpoint = HttpEndpoint.of(server.uri());
  }

  @AfterEach
  void stop() throws IOException {
    assertThat(client.idleConnections()).isEqualTo(client.openConnections());
    client.close();
    assertThat(client.openConnections()).isZero();
    Awaitility.await().until(() -> server.openConnections() == 0);
    server.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsABodyIntoTheMiddleOfABuffer(boolean direct) throws IOException {
    ByteBuffer target = direct ? ByteBuffer.allocateDirect(400_000) : ByteBuffer.allocate(400_000);
    target.position(77).limit(77 + content.length);

    HttpResponse response = client.exchange(endpoint, get("/file"), target);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.bodyBytes()).isEqualTo(content.length);
    assertThat(response.header("ETag")).contains("\"1\"");
    assertThat(response.header("X-None")).isEmpty();
    assertThat(target.hasRemaining()).isFalse();
    assertThat(target.position(77)).isEqualTo(ByteBuffer.wrap(content));
  }

  @Test
  void leavesRoomThatTheBodyDoesNotFill() throws IOException {
    ByteBuffer target = ByteBuffer.allocateDirect(400_000);

    client.exchange(endpoint, get("/file"), target);

    assertThat(target.position()).isEqualTo(content.length);
    assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(content));
  }

  @Test
  void usesAConnectionAgainAndCountsAllBytes() throws IOException {
    for (int i = 0; i < 10; i++) {
      client.exchange(endpoint, get("/file"), ByteBuffer.allocateDirect(content.length));
    }

    assertThat(server.acceptedConnections()).isEqualTo(1);
    assertThat(client.openConnections()).isEqualTo(1);
    EndpointCounts counts = telemetry.counts().get(endpoint.name());
    long requestBytes = server.requests().get(0).rawHead().length;
    long answerBytes =
        0L + content.length + origin.answer(server.requests().get(0)).rawHead().length;
    assertThat(counts)
        .isEqualTo(new EndpointCounts(10, 0, 0, 0, 1, 10 * requestBytes, 10 * answerBytes));
    RequestTelemetry.Latencies latencies = telemetry.takeLatencies();
    assertThat(latencies.connect().getTotalCount()).isEqualTo(1);
    assertThat(latencies.firstByte().getTotalCount()).isEqualTo(10);
    assertThat(latencies.body().getTotalCount()).isEqualTo(10);
  }

  @Test
  void sendsABodyOfSeveralBuffersAndLeavesThemAlone() throws IOException {
    byte[] all = random(3_000_000);
    ByteBuffer direct = ByteBuffer.allocateDirect(2_500_000).put(all, 0, 2_500_000).flip();
    ByteBuffer heap = ByteBuffer.wrap(all, 2_500_000, 500_000);

    HttpResponse response =
        client.exchange(
            endpoint,
            request
                .start("PUT", "/new")
                .header("Host", endpoint.hostHeader())
                .body(direct, ByteBuffer.allocate(0), heap),
            null);

    assertThat(response.isSuccess()).isTrue();
    assertThat(origin.content("/new")).isEqualTo(all);
    assertThat(direct.remaining()).isEqualTo(2_500_000);
    assertThat(heap.remaining()).isEqualTo(500_000);
    assertThat(telemetry.takeLatencies().body().getTotalCount()).isEqualTo(1);
  }

  @Test
  void sendsAnEmptyBody() throws IOException {
    client.exchange(endpoint, request.start("PUT", "/empty").body(), null);

    assertThat(origin.content("/empty")).isEmpty();
    assertThat(server.requests().get(0).header("Content-Length")).contains("0");
  }

  @Test
  void readsNoBodyOfHeadAndNoContent() throws IOException {
    HttpResponse head = client.exchange(endpoint, request.start("HEAD", "/file"), null);
    HttpResponse delete = client.exchange(endpoint, request.start("DELETE", "/file"), null);

    assertThat(head.header("content-length")).contains("300000");
    assertThat(head.bodyBytes()).isZero();
    assertThat(delete.status()).isEqualTo(204);
    assertThat(server.acceptedConnections()).isEqualTo(1);
  }

  @Test
  void givesTheTextOfAnError() throws IOException {
    ByteBuffer target = ByteBuffer.allocateDirect(100);

    HttpResponse response = client.exchange(endpoint, get("/missing"), target);

    assertThat(response.status()).isEqualTo(404);
    assertThat(response.text()).isEqualTo("<Error><Code>NoSuchKey</Code></Error>");
    assertThat(target.position()).isZero();
    assertThat(client.idleConnections()).isEqualTo(1);
  }

  @Test
  void readsAChunkedErrorAndUsesTheConnectionAgain() throws IOException {
    server.next(1, Fault.chunkedStatus(500, "<Error><Code>InternalError</Code></Error>"));

    HttpResponse response = client.exchange(endpoint, get("/file"), null);

    assertThat(response.text()).isEqualTo("<Error><Code>InternalError</Code></Error>");
    assertThat(response.header("x-trailer")).contains("after");
    assertThat(client.idleConnections()).isEqualTo(1);
  }

  @Test
  void readsAChunkedBodyIntoATarget() throws IOException {
    byte[] body = random(100_000);
    server.next(
        1,
        connection -> {
          connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          for (int at = 0; at < body.length; ) {
            int size = Math.min(body.length - at, 1 + at * 7 % 20_000);
            connection.write("%X\r\n".formatted(size));
            connection.out().write(body, at, size);
            connection.write("\r\n");
            at += size;
          }
          connection.write("0\r\n\r\n");
        });
    ByteBuffer target = ByteBuffer.allocateDirect(body.length);

    client.exchange(endpoint, get("/file"), target);

    assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(body));
    assertThat(client.idleConnections()).isEqualTo(1);
  }

  @Test
  void readsABodyThatEndsWithTheConnection() throws IOException {
    server.next(2, Fault.raw("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(20_000)));
    ByteBuffer exact = ByteBuffer.allocateDirect(20_000);

    assertThat(client.exchange(endpoint, get("/file"), exact).bodyBytes()).isEqualTo(20_000);
    assertThat(client.exchange(endpoint, get("/file"), null).text()).isEqualTo("x".repeat(20_000));
    assertThat(exact.hasRemaining()).isFalse();
    assertThat(client.openConnections()).isZero();
  }

  @Test
  void keepsTheFirst64KiBOfALongErrorAndDropsTheConnection() throws IOException {
    server.next(
        1,
        connection ->
            connection.send(
                WireMessage.answer(500, Map.of(), "e".repeat(200_000).getBytes(US_ASCII))));

    HttpResponse response = client.exchange(endpoint, get("/file"), null);

    assertThat(response.text()).hasSize(64 << 10);
    assertThat(client.openConnections()).isZero();
  }

  @Test
  void skipsInterimAnswers() throws IOException {
    server.next(
        1,
        connection -> {
          connection.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n");
          connection.send(connection.ask());
        });

    assertThat(client.exchange(endpoint, get("/file"), buffer()).status()).isEqualTo(200);
  }

  @Test
  void obeysConnectionClose() throws IOException {
    server.next(1, connection -> connection.send(connection.ask().with("connection", "close")));

    client.exchange(endpoint, get("/file"), buffer());
    assertThat(client.openConnections()).isZero();
    client.exchange(endpoint, get("/file"), buffer());
    assertThat(server.acceptedConnections()).isEqualTo(2);
  }

  @Test
  void sendsTheBodyOnlyWhenTheServerWantsIt() throws IOException {
    HttpRequest put = request.start("PUT", "/new").expectContinue().body(ByteBuffer.wrap(content));
    assertThat(client.exchange(endpoint, put, null).status()).isEqualTo(200);
    assertThat(origin.content("/new")).isEqualTo(content);

    server.refuseBodies();
    server.next(1, Fault.status(403, "AccessDenied", Map.of()));
    HttpResponse refused = client.exchange(endpoint, put, null);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(server.requests().get(1).rawBody()).isEmpty();
    assertThat(client.openConnections()).isZero();
  }

  @Test
  void sendsTheBodyToAServerThatKnowsNoExpectations() throws IOException {
    server.ignoreExpectations();
    assertThat(client.heedsExpectations(endpoint)).isTrue();

    HttpRequest put = request.start("PUT", "/new").expectContinue().body(ByteBuffer.wrap(content));
    assertThat(client.exchange(endpoint, put, null).status()).isEqualTo(200);

    assertThat(origin.content("/new")).isEqualTo(content);
    assertThat(client.heedsExpectations(endpoint)).isFalse();
  }

  @Test
  void remembersThatAServerRefusesExpectations() throws IOException {
    server.refuseBodies();
    server.next(1, Fault.status(417, "ExpectationFailed", Map.of()));

    HttpRequest put = request.start("PUT", "/new").expectContinue().body(ByteBuffer.wrap(content));
    assertThat(client.exchange(endpoint, put, null).status()).isEqualTo(417);

    assertThat(client.heedsExpectations(endpoint)).isFalse();
  }

  @Test
  void replacesAConnectionThatTheServerClosedWithoutCountingARetry() throws IOException {
    for (int i = 0; i < 3; i++) {
      assertThat(client.exchange(endpoint, get("/file"), buffer()).status()).isEqualTo(200);
      server.dropConnections();
      Awaitility.await().until(() -> server.openConnections() == 0);
    }

    EndpointCounts counts = telemetry.counts().get(endpoint.name());
    assertThat(counts.requests()).isEqualTo(3);
    assertThat(counts.retries()).isZero();
    assertThat(counts.failures()).isZero();
    assertThat(counts.connections()).isEqualTo(3);
  }

  @Test
  void doesNotSendAPostTwice() throws IOException {
    client.exchange(endpoint, get("/file"), buffer());
    server.next(1, Fault.close());

    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(() -> client.exchange(endpoint, request.start("POST", "/file").body(), null))
        .satisfies(e -> assertThat(e.failure()).isEqualTo(Failure.LOST));
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void closesIdleAndOldConnections() throws IOException {
    HttpOptions brief =
        HttpOptions.DEFAULT.withConnections(1, Duration.ofMillis(50), Duration.ofMinutes(1));
    try (HttpClient other = new HttpClient(brief, telemetry)) {
      other.exchange(endpoint, get("/file"), buffer());
      Awaitility.await().until(() -> other.openConnections() == 0);
    }
    HttpOptions young =
        HttpOptions.DEFAULT.withConnections(1, Duration.ofMinutes(1), Duration.ofNanos(1));
    try (HttpClient other = new HttpClient(young, telemetry)) {
      other.exchange(endpoint, get("/file"), buffer());
      other.exchange(endpoint, get("/file"), buffer());
      assertThat(telemetry.counts().get(endpoint.name()).connections()).isEqualTo(3);
    }
  }

  @Test
  void anInterruptEndsARequestAtOnce() throws Exception {
    server.next(1, Fault.hang());
    CompletableFuture<IOException> failure = new CompletableFuture<>();
    CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                client.exchange(endpoint, get("/file"), buffer());
              } catch (IOException e) {
                failure.complete(e);
                stillInterrupted.complete(Thread.currentThread().isInterrupted());
              }
            });
    thread.start();
    Awaitility.await().until(() -> server.requests().size() == 1);

    thread.interrupt();

    assertThat(failure.get(2, TimeUnit.SECONDS)).isInstanceOf(ClosedByInterruptException.class);
    assertThat(stillInterrupted.get()).isTrue();
    assertThat(client.openConnections()).isZero();
  }

  @Test
  void closingTheClientEndsRequestsUnderWay() throws Exception {
    server.next(1, Fault.hang());
    var executor = Executors.newSingleThreadExecutor();
    try {
      var running = executor.submit(() -> client.exchange(endpoint, get("/file"), buffer()));
      Awaitility.await().until(() -> server.requests().size() == 1);
      client.close();
      assertThat(running)
          .failsWithin(Duration.ofSeconds(2))
          .withThrowableThat()
          .havingCause()
          .isInstanceOf(HttpException.class)
          .withMessage("The client was closed during a request");
    } finally {
      executor.shutdownNow();
    }
    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(() -> client.exchange(endpoint, get("/file"), buffer()))
        .withMessage("The client is closed");
  }

  @Test
  void manyThreadsShareAClient() throws Exception {
    byte[][] contents = new byte[8][];
    var executor = Executors.newFixedThreadPool(contents.length);
    try {
      var tasks = new ArrayList<Callable<Boolean>>();
      for (int i = 0; i < contents.length; i++) {
        String path = "/" + i;
        byte[] bytes = random(50_000 + 7_000 * i);
        origin.with(path, bytes);
        tasks.add(() -> readsAlways(path, bytes));
      }
      for (var done : executor.invokeAll(tasks)) {
        assertThat(done.get()).isTrue();
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(client.openConnections()).isLessThanOrEqualTo(contents.length);
  }

  private boolean readsAlways(String path, byte[] expected) throws IOException {
    HttpRequest own = new HttpRequest();
    ByteBuffer target = ByteBuffer.allocateDirect(expected.length);
    boolean right = true;
    for (int i = 0; i < 50; i++) {
      client.exchange(endpoint, own.start("GET", path), target.clear());
      right &= target.flip().equals(ByteBuffer.wrap(expected));
    }
    return right;
  }

  @Test
  void refusesToSendWhatWouldBeAnotherHeader() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request.start("GET", "/").header("X", "a\r\nY: b"))
        .withMessage("A request head may hold printable ASCII alone, not character 13");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request.start("GET", "/a b"))
        .withMessage("A target must not be empty or hold spaces");
  }

  private HttpRequest get(String path) {
    return request.start("GET", path).header("Host", endpoint.hostHeader());
  }

  private ByteBuffer buffer() {
    return ByteBuffer.allocateDirect(content.length);
  }

  private static byte[] random(int bytes) {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return content;
  }
}
