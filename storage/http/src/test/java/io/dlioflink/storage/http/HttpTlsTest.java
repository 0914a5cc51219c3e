/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.dlioflink.storage.LoopbackCertificate;
import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.http.HttpException.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests over TLS, to a server with a certificate for localhost that nobody signed. */
final class HttpTlsTest {
  @TempDir static Path folder;
  private static LoopbackCertificate certificate;

  private final byte[] content = new byte[500_000];
  private final ObjectOrigin origin = new ObjectOrigin().with("/file", content);
  private final RequestTelemetry telemetry = new RequestTelemetry();
  private FaultProxy server;
  private HttpEndpoint endpoint;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = LoopbackCertificate.make(folder);
  }

  @BeforeEach
  void start() throws IOException {
    new Random(1).nextBytes(content);
    server = FaultProxy.withTls(origin, certificate.sockets());
    endpoint = new HttpEndpoint("localhost", server.port(), true);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void readsAndWritesAndUsesConnectionsAgain() throws IOException {
    ByteBuffer target = ByteBuffer.allocateDirect(content.length);
    try (HttpClient client = client(HttpTimeouts.DEFAULT)) {
      for (int i = 0; i < 5; i++) {
        client.exchange(endpoint, new HttpRequest().start("GET", "/file"), target.clear());
        assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(content));
        client.exchange(
            endpoint,
            new HttpRequest()
                .start("PUT", "/" + i)
                .body(target, ByteBuffer.wrap(content), ByteBuffer.wrap(content, 0, i)),
            null);
        assertThat(origin.content("/" + i)).hasSize(2 * content.length + i).startsWith(content);
      }
      assertThat(client.openConnections()).isEqualTo(1);
    }
    assertThat(server.acceptedConnections()).isEqualTo(1);
    assertThat(telemetry.takeLatencies().connect().getTotalCount()).isEqualTo(1);
  }

  @Test
  void waitsForTheServersWordBeforeALargeBody() throws IOException {
    byte[] large = new byte[5 << 20];
    try (HttpClient client = client(HttpTimeouts.DEFAULT)) {
      for (int i = 0; i < 2; i++) {
        HttpRequest put = new HttpRequest().start("PUT", "/new").expectContinue();
        client.exchange(endpoint, put.body(ByteBuffer.wrap(large)), null);
      }
      assertThat(client.heedsExpectations(endpoint)).isTrue();
      server.ignoreExpectations();
      HttpRequest put = new HttpRequest().start("PUT", "/new").expectContinue();
      client.exchange(endpoint, put.body(ByteBuffer.wrap(large)), null);

      assertThat(client.heedsExpectations(endpoint)).isFalse();
      assertThat(origin.content("/new")).isEqualTo(large);
      assertThat(client.openConnections()).isEqualTo(1);
    }
  }

  @Test
  void replacesAConnectionThatTheServerClosed() throws IOException {
    ByteBuffer target = ByteBuffer.allocateDirect(content.length);
    try (HttpClient client = client(HttpTimeouts.DEFAULT)) {
      for (int i = 0; i < 3; i++) {
        client.exchange(endpoint, new HttpRequest().start("GET", "/file"), target.clear());
        assertThat(target.hasRemaining()).isFalse();
        server.dropConnections();
      }
    }
    assertThat(telemetry.counts().get(endpoint.name()).failures()).isZero();
  }

  @Test
  void trustsNobodyUnlessToldTo() throws IOException {
    try (HttpClient client = new HttpClient(HttpOptions.DEFAULT, telemetry)) {
      assertThatExceptionOfType(HttpException.class)
          .isThrownBy(() -> client.exchange(endpoint, get(), null))
          .withMessageContaining("The TLS handshake with " + endpoint)
          .satisfies(e -> assertThat(e.failure()).isEqualTo(Failure.UNTRUSTED));
      assertThat(client.openConnections()).isZero();
    }
  }

  @Test
  void wantsTheCertificateToNameTheHost() throws IOException {
    HttpEndpoint byAddress = new HttpEndpoint("127.0.0.1", server.port(), true);
    try (HttpClient client = client(HttpTimeouts.DEFAULT)) {
      assertThatExceptionOfType(HttpException.class)
          .isThrownBy(() -> client.exchange(byAddress, get(), null))
          .withMessageContaining("127.0.0.1")
          .satisfies(e -> assertThat(e.failure()).isEqualTo(Failure.UNTRUSTED));
    }
  }

  @Test
  void tellsATruncatedBody() throws IOException {
    server.next(1, Fault.endAfter(100_000));
    try (HttpClient client = client(HttpTimeouts.DEFAULT)) {
      assertThatExceptionOfType(HttpException.class)
          .isThrownBy(
              () -> client.exchange(endpoint, get(), ByteBuffer.allocateDirect(content.length)))
          .satisfies(e -> assertThat(e.failure()).isEqualTo(Failure.TRUNCATED));
    }
  }

  @Test
  void doesNotWaitForAHandshakeForever() throws IOException {
    Duration brief = Duration.ofMillis(200);
    Duration patient = Duration.ofSeconds(60);
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        HttpClient client =
            client(new HttpTimeouts(patient, brief, patient, patient, patient, patient))) {
      HttpEndpoint nobody = new HttpEndpoint("localhost", silent.getLocalPort(), true);
      assertThatExceptionOfType(HttpException.class)
          .isThrownBy(() -> client.exchange(nobody, get(), null))
          .withMessageContaining("Time-out after 200 ms for the TLS handshake");
    }
  }

  @Test
  void tellsABundleWithoutCertificates() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing");

    assertThatIOException()
        .isThrownBy(() -> new HttpClient(HttpOptions.DEFAULT.withCaBundle(empty), telemetry))
        .withMessage("No certificate (PEM) in the CA bundle " + empty);
  }

  private static HttpRequest get() {
    return new HttpRequest().start("GET", "/file");
  }

  private HttpClient client(HttpTimeouts timeouts) throws IOException {
    return new HttpClient(
        HttpOptions.DEFAULT.withTimeouts(timeouts).withCaBundle(certificate.caBundle()), telemetry);
  }
}
