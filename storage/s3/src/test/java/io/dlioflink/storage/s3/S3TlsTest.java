/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.LoopbackCertificate;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.Storages;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints with TLS whose certificate is one of their own. */
class S3TlsTest {
  private static final Location FILE = Location.parse("s3://bucket/file");

  @TempDir private Path folder;
  private LoopbackCertificate certificate;
  private HttpsServer server;

  @BeforeEach
  void start() throws Exception {
    certificate = LoopbackCertificate.make(folder, "ip:127.0.0.1");
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Length", "4711");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Storage open(Map<String, String> more) throws IOException {
    Map<String, String> options =
        new HashMap<>(
            Map.of(
                "access_key_id", "id",
                "secret_access_key", "secret",
                "endpoint_url", "https://127.0.0.1:" + server.getAddress().getPort()));
    options.putAll(more);
    return Storages.open(FILE, new StorageOptions(options));
  }

  @Test
  void aCertificateOfTheBundleIsTrusted() throws IOException {
    try (Storage storage = open(Map.of("ca_bundle", certificate.caBundle().toString()))) {
      assertThat(storage.stat(FILE).orElseThrow().lengthBytes()).isEqualTo(4711);
    }
  }

  @Test
  void aCertificateOfNobodyIsRefusedAtOnceAndTheWayOutNamed() throws IOException {
    try (Storage storage = open(Map.of())) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> storage.stat(FILE))
          .withMessageContaining("the server's certificate is not trusted or not for this host")
          .withMessageContaining("set ca_bundle or AWS_CA_BUNDLE")
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
      assertThat(storage.ioCounts().retries()).isZero();
    }
  }

  @Test
  void aBundleWithoutACertificateIsAnError() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> open(Map.of("ca_bundle", empty.toString())))
        .withMessage("No certificate (PEM) in the CA bundle " + empty);
  }
}
