/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.Storages;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints with TLS whose certificate is one of their own. */
class S3TlsTest {
  private static final Location FILE = Location.parse("s3://bucket/file");
  private static final String PASSWORD = "changeit";

  @TempDir private Path folder;
  private HttpsServer server;

  @BeforeEach
  void start() throws Exception {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(certificate("ip:127.0.0.1"))));
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

  private Path certificate(String name) throws Exception {
    Path keys = folder.resolve("keys.p12");
    Path pem = folder.resolve("ca.pem");
    keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=test", "-ext", "san=" + name, keys);
    keytool("-exportcert", "-rfc", "-file", pem.toString(), keys);
    assertThat(Files.readString(pem)).contains("BEGIN CERTIFICATE");
    return keys;
  }

  private static void keytool(Object... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    for (int i = 0; i < arguments.length - 1; i++) {
      command.add(arguments[i].toString());
    }
    command.addAll(
        List.of("-alias", "test", "-storepass", PASSWORD, "-storetype", "PKCS12", "-keystore"));
    command.add(arguments[arguments.length - 1].toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private static SSLContext context(Path keys) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
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
    try (Storage storage = open(Map.of("ca_bundle", folder.resolve("ca.pem").toString()))) {
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
        .withMessage("No certificate in " + empty);
  }
}
