/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import static io.dlioflink.storage.StoredFiles.buffer;
import static io.dlioflink.storage.StoredFiles.content;
import static io.dlioflink.storage.StoredFiles.list;
import static io.dlioflink.storage.StoredFiles.read;
import static io.dlioflink.storage.StoredFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpHandler;
import io.dlioflink.storage.EndpointCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.ScriptedAnswers;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that answers as the test says, one answer per request. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GcsFailuresTest {
  private static final Location FILE = Location.parse("gs://bucket/file");
  private static final byte[] CONTENT = content(1, 10_000);

  private final ScriptedAnswers server =
      new ScriptedAnswers(Map.of("x-guploader-uploadid", "the-request"));
  @TempDir private Path folder;

  @AfterEach
  void stopServer() {
    server.close();
  }

  private Storage open(Map<String, String> changes) {
    Map<String, String> options = new HashMap<>(Map.of("endpoint_url", server.address()));
    options.putAll(changes);
    return new GcsStorage(GcsSettings.of(options, Map.of()));
  }

  private static HttpHandler status(int status) {
    return exchange -> exchange.sendResponseHeaders(status, -1);
  }

  private static HttpHandler json(String text) {
    return exchange -> {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    };
  }

  /** Part of the content, of which only some bytes are sent. */
  private static HttpHandler range(int from, int sentBytes) {
    return ScriptedAnswers.range(CONTENT, from, sentBytes, Map.of("x-goog-generation", "7"));
  }

  @Test
  void whatTheServerRefusesForLackOfTimeIsRepeatedAndCounted() throws IOException {
    server.add(status(503));
    server.add(status(500));
    server.add(range(0, CONTENT.length));
    try (Storage storage = open(Map.of());
        StorageReader reader = storage.openReader(FILE)) {
      assertThat(read(storage, reader, 0, CONTENT.length)).isEqualTo(CONTENT);

      assertThat(storage.ioCounts().retries()).isEqualTo(2);
      assertThat(storage.ioCounts().readBytes()).isEqualTo(CONTENT.length);
      EndpointCounts counts = counts(storage);
      assertThat(counts.requests()).isEqualTo(3);
      assertThat(counts.throttles()).isEqualTo(1);
      assertThat(counts.failures()).isZero();
    }
  }

  @Test
  void aBodyThatBreaksOffIsGoneOnWithAndCounted() throws IOException {
    server.add(range(0, 4_000));
    server.add(range(4_000, 6_000));
    try (Storage storage = open(Map.of());
        StorageReader reader = storage.openReader(FILE)) {
      assertThat(read(storage, reader, 0, CONTENT.length)).isEqualTo(CONTENT);

      assertThat(storage.ioCounts().retries()).isEqualTo(1);
      assertThat(storage.ioCounts().readBytes()).isEqualTo(CONTENT.length);
    }
  }

  @Test
  void anUploadIsRepeatedAndCounted() throws IOException {
    server.add(status(503));
    server.add(json("{\"bucket\": \"bucket\", \"name\": \"file\", \"size\": \"10000\"}"));
    try (Storage storage = open(Map.of())) {
      write(storage, FILE, CONTENT);
      assertThat(storage.ioCounts().retries()).isEqualTo(1);
      assertThat(storage.ioCounts().writtenBytes()).isEqualTo(CONTENT.length);
      assertThat(counts(storage).sentBytes()).isBetween(20_000L, 24_000L);
    }
  }

  @Test
  void anUploadThatIsNotCommittedIsCancelled() throws IOException {
    int chunkBytes = GcsSettings.CHUNK_UNIT_BYTES;
    server.add(
        exchange -> {
          exchange.getResponseHeaders().set("Location", server.address() + "/upload?upload_id=1");
          exchange.sendResponseHeaders(200, -1);
        });
    server.add(
        exchange -> {
          exchange.getResponseHeaders().set("Range", "bytes=0-" + (chunkBytes - 1));
          exchange.sendResponseHeaders(308, -1);
        });
    server.add(status(499));
    try (Storage storage = open(Map.of("gs_chunk_bytes", Integer.toString(chunkBytes)))) {
      try (StorageWriter writer = storage.openWriter(FILE)) {
        writer.write(ByteBuffer.wrap(content(1, chunkBytes + 1)));
      }
      assertThat(server.requests()).hasSize(3).element(1).isEqualTo("PUT bytes 0-262143/* 262144");
      assertThat(server.requests().get(2)).isEqualTo("DELETE 0");
      assertThat(storage.ioCounts().retries()).isZero();
    }
  }

  @Test
  void aServerThatKeepsRefusingIsUnavailable() throws IOException {
    server.add(status(503));
    server.add(status(503));
    try (Storage storage = open(Map.of("gs_max_attempts", "2"))) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> list(storage, Location.parse("gs://bucket/folder")))
          .withMessageStartingWith(
              "Cannot list (503 from %s, request the-request: 503 Service Unavailable",
              server.address())
          .withMessageEndingWith(
              "; the bucket is at its limit: use fewer threads, or raise gs_max_attempts:"
                  + " gs://bucket/folder")
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
      assertThat(storage.ioCounts().retries()).isEqualTo(1);
    }
  }

  @Test
  void whatIsForbiddenIsAMatterOfPermission() throws IOException {
    for (int status : new int[] {401, 403}) {
      server.clear();
      for (int i = 0; i < 3; i++) {
        server.add(status(status));
      }
      try (Storage storage = open(Map.of());
          StorageReader reader = storage.openReader(FILE)) {
        assertThatExceptionOfType(StorageException.class)
            .isThrownBy(() -> reader.read(0, buffer(storage, 10)))
            .withMessageContaining("Cannot read at byte 0 (%d from %s", status, server.address())
            .withMessageContaining("on bucket 'bucket' (role Storage Object User)")
            .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.PERMISSION));
      }
    }
  }

  @Test
  void aServerThatIsSilentIsGivenUp() throws IOException {
    server.add(server.silence());
    Map<String, String> impatient = Map.of("gs_max_attempts", "1", "gs_timeout_seconds", "1");
    try (Storage storage = open(impatient)) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> storage.stat(FILE))
          .withMessage(
              "Cannot look up (no answer from %s within 1 s, gs_timeout_seconds): %s",
              server.address(), FILE)
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
      assertThat(counts(storage).failures()).isEqualTo(1);
    }
  }

  @Test
  void aBodyThatTricklesIsGivenUp() throws IOException {
    server.add(server.trickle(CONTENT, Map.of("x-goog-generation", "7")));
    Map<String, String> impatient =
        Map.of("gs_max_attempts", "1", "gs_request_timeout_seconds", "1");
    try (Storage storage = open(impatient);
        StorageReader reader = storage.openReader(FILE)) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> reader.read(0, buffer(storage, CONTENT.length)))
          .withMessageContaining(
              "(no whole answer from %s within 1 s, gs_request_timeout_seconds)", server.address())
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
    }
  }

  @Test
  void anInterruptedReadEnds() throws Exception {
    server.add(server.silence());
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    try (Storage storage = open(Map.of("gs_timeout_seconds", "3600"));
        StorageReader reader = storage.openReader(FILE)) {
      ByteBuffer target = buffer(storage, 100);
      Thread thread =
          new Thread(
              () -> {
                try {
                  reader.read(0, target);
                } catch (IOException e) {
                  thrown.set(e);
                }
              });
      thread.start();
      server.awaitRequest();
      thread.interrupt();
      thread.join();
      assertThat(thrown.get()).isInstanceOf(InterruptedIOException.class);
      assertThat(target.position()).isZero();
    }
  }

  @Test
  void aServerThatIsNotThereIsUnavailable() throws IOException {
    server.stop();
    try (Storage storage = open(Map.of("gs_max_attempts", "2"))) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> storage.stat(FILE))
          .withMessageContaining("Connection refused")
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
      assertThat(counts(storage).failures()).isEqualTo(2);
      assertThat(storage.ioCounts().retries()).isEqualTo(1);
    }
  }

  @Test
  void aServiceAccountsTokenIsSent() throws Exception {
    List<String> tokens = Collections.synchronizedList(new ArrayList<>());
    HttpHandler noted =
        exchange -> {
          tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          range(0, CONTENT.length).handle(exchange);
        };
    server.add(
        json("{\"access_token\": \"token\", \"token_type\": \"Bearer\", \"expires_in\": 3600}"));
    server.add(noted);
    KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
    keys.initialize(2048);
    String pem =
        "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n"
            .formatted(
                Base64.getEncoder()
                    .encodeToString(keys.generateKeyPair().getPrivate().getEncoded()));
    Path file =
        Files.writeString(
            folder.resolve("key.json"),
            ("{\"type\": \"service_account\", \"project_id\": \"shop\", \"private_key_id\": \"1\","
                    + " \"private_key\": \"%s\", \"client_email\": \"a@b.c\", \"client_id\": \"2\","
                    + " \"token_uri\": \"%s/token\"}")
                .formatted(pem, server.address()));
    try (Storage storage = open(Map.of("credentials_file", file.toString()));
        StorageReader reader = storage.openReader(FILE)) {
      assertThat(read(storage, reader, 0, CONTENT.length)).isEqualTo(CONTENT);
      assertThat(tokens).containsExactly("Bearer token");
      assertThat(storage.ioCounts().retries()).isZero();
    }
  }

  @Test
  void credentialsThatCannotBeReadAreToldWithoutTheirText() throws IOException {
    Path file = Files.writeString(folder.resolve("key.json"), "{\"private_key\": \"secret\"}");
    for (String name : List.of(file.toString(), folder.resolve("missing.json").toString())) {
      try (Storage storage = open(Map.of("credentials_file", name))) {
        assertThatExceptionOfType(StorageException.class)
            .isThrownBy(() -> storage.stat(FILE))
            .withMessageStartingWith("Cannot take credentials from '%s' (", name)
            .withNoCause()
            .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"))
            .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.PERMISSION));
      }
    }
  }

  private static EndpointCounts counts(Storage storage) {
    return storage.requests().orElseThrow().counts().values().iterator().next();
  }
}
