/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

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
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers as the test says, one answer per request. */
class AzureFailuresTest {
  private static final Location FILE = Location.parse("az://container/file");
  private static final byte[] CONTENT = content(1, 10_000);

  private final ScriptedAnswers server =
      new ScriptedAnswers(Map.of("x-ms-request-id", "the-request"));

  @AfterEach
  void stopServer() {
    server.close();
  }

  /** What moves the bytes. */
  String client() {
    return "lean";
  }

  /** How it tells that an answer took too long. */
  String tooLong() {
    return "Time-out after 1000 ms for the whole request; see az_timeout_seconds,"
        + " az_request_timeout_seconds";
  }

  /** Whether it asks for the rest alone after a body broke off. */
  boolean goesOnWithBodies() {
    return false;
  }

  private Storage open(Map<String, String> changes) {
    Map<String, String> options =
        new HashMap<>(
            Map.of(
                "account_name",
                "shop",
                "account_key",
                "c2VjcmV0",
                "endpoint_url",
                server.address(),
                "az_client",
                client()));
    options.putAll(changes);
    return new AzureStorage(AzureSettings.of(options, Map.of()));
  }

  private static HttpHandler status(int status, String code) {
    return exchange -> {
      exchange.getResponseHeaders().set("x-ms-error-code", code);
      exchange.sendResponseHeaders(status, -1);
    };
  }

  /** Part of the content, of which only some bytes are sent. */
  private static HttpHandler range(int from, int sentBytes) {
    return ScriptedAnswers.range(CONTENT, from, sentBytes, Map.of("ETag", "\"1\""));
  }

  @Test
  void whatTheServerRefusesForLackOfTimeIsRepeatedAndCounted() throws IOException {
    server.add(status(503, "ServerBusy"));
    server.add(status(500, "InternalError"));
    server.add(range(0, CONTENT.length));
    try (Storage storage = open(Map.of());
        StorageReader reader = storage.openReader(FILE)) {
      assertThat(read(storage, reader, 0, CONTENT.length)).isEqualTo(CONTENT);

      assertThat(storage.ioCounts().retries()).isEqualTo(2);
      assertThat(storage.ioCounts().readBytes()).isEqualTo(CONTENT.length);
      EndpointCounts counts = counts(storage);
      assertThat(counts.requests()).isEqualTo(3);
      assertThat(counts.retries()).isEqualTo(2);
      assertThat(counts.throttles()).isEqualTo(1);
      assertThat(counts.failures()).isZero();
    }
  }

  @Test
  void aBodyThatBreaksOffIsReadToItsEndAndCounted() throws IOException {
    server.add(range(0, 4_000));
    server.add(goesOnWithBodies() ? range(4_000, 6_000) : range(0, CONTENT.length));
    try (Storage storage = open(Map.of());
        StorageReader reader = storage.openReader(FILE)) {
      assertThat(read(storage, reader, 0, CONTENT.length)).isEqualTo(CONTENT);

      assertThat(storage.ioCounts().retries()).isEqualTo(1);
      assertThat(storage.ioCounts().readBytes()).isEqualTo(CONTENT.length);
      assertThat(counts(storage).receivedBytes()).isGreaterThanOrEqualTo(CONTENT.length);
    }
  }

  @Test
  void anUploadIsRepeatedWithTheSameBytes() throws IOException {
    AtomicReference<String> lengths = new AtomicReference<>("");
    HttpHandler note =
        exchange ->
            lengths.accumulateAndGet(
                exchange.getRequestHeaders().getFirst("Content-Length") + " ", String::concat);
    server.add(
        exchange -> {
          note.handle(exchange);
          status(503, "ServerBusy").handle(exchange);
        });
    server.add(
        exchange -> {
          note.handle(exchange);
          exchange.getResponseHeaders().set("ETag", "\"1\"");
          exchange.sendResponseHeaders(201, -1);
        });
    try (Storage storage = open(Map.of())) {
      write(storage, FILE, CONTENT);
      assertThat(lengths.get()).isEqualTo("10000 10000 ");
      assertThat(storage.ioCounts().retries()).isEqualTo(1);
      assertThat(storage.ioCounts().writtenBytes()).isEqualTo(CONTENT.length);
      // The lean path sees the heads too.
      assertThat(counts(storage).sentBytes()).isBetween(20_000L, 22_000L);
    }
  }

  @Test
  void aBlockThatIsRefusedFailsTheWriteAndReleasesItsPlace() throws IOException {
    int blockBytes = 65_536;
    for (int i = 0; i < 8; i++) {
      server.add(status(403, "AuthorizationPermissionMismatch"));
    }
    Map<String, String> narrow =
        Map.of("az_block_bytes", Integer.toString(blockBytes), "az_block_concurrency", "1");
    try (Storage storage = open(narrow)) {
      for (int i = 0; i < 2; i++) {
        try (StorageWriter writer = storage.openWriter(FILE)) {
          assertThatExceptionOfType(StorageException.class)
              .isThrownBy(
                  () -> {
                    writer.write(ByteBuffer.wrap(content(1, 3 * blockBytes)));
                    writer.commit();
                  })
              .withMessageStartingWith("Cannot write (403 AuthorizationPermissionMismatch from")
              .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.PERMISSION));
          assertThatExceptionOfType(StorageException.class)
              .isThrownBy(() -> writer.write(ByteBuffer.allocate(1)))
              .withMessageStartingWith("An earlier write failed, the file can only be closed");
        }
      }
      assertThat(storage.ioCounts().writtenBytes()).isZero();
    }
  }

  @Test
  void aServerThatKeepsRefusingIsUnavailable() throws IOException {
    server.add(status(503, "ServerBusy"));
    server.add(status(503, "ServerBusy"));
    try (Storage storage = open(Map.of("az_max_attempts", "2"))) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> list(storage, Location.parse("az://container/folder")))
          .withMessage(
              "Cannot list (503 ServerBusy from 127.0.0.1:%d, request the-request); the account is"
                  + " at its limit: use fewer threads, or raise az_max_attempts:"
                  + " az://container/folder",
              URI.create(server.address()).getPort())
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
      assertThat(storage.ioCounts().retries()).isEqualTo(1);
    }
  }

  @Test
  void aServerThatIsSilentIsGivenUp() throws IOException {
    server.add(server.silence());
    Map<String, String> impatient = Map.of("az_max_attempts", "1", "az_timeout_seconds", "1");
    try (Storage storage = open(impatient)) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> storage.stat(FILE))
          .withMessageStartingWith("Cannot look up (no answer from http://127.0.0.1:")
          .withMessageEndingWith("within 1 s, az_timeout_seconds): " + FILE)
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
      assertThat(counts(storage).failures()).isEqualTo(1);
    }
  }

  @Test
  void aServerThatIsNotThereIsUnavailable() throws IOException {
    server.stop();
    try (Storage storage = open(Map.of("az_max_attempts", "1"))) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> storage.stat(FILE))
          .withMessageContaining("Connection refused")
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
    }
  }

  @Test
  void aBodyThatTricklesIsTriedAgainAndThenGivenUp() throws IOException {
    Map<String, String> told = Map.of("ETag", "\"1\"");
    server.add(server.trickle(CONTENT, told));
    server.add(server.trickle(CONTENT, told));
    Map<String, String> impatient =
        Map.of("az_max_attempts", "2", "az_request_timeout_seconds", "1");
    try (Storage storage = open(impatient);
        StorageReader reader = storage.openReader(FILE)) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> reader.read(0, buffer(storage, CONTENT.length)))
          .withMessageContaining(tooLong())
          .withMessageContaining(server.address())
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
      assertThat(storage.ioCounts().retries()).isEqualTo(1);
    }
  }

  @Test
  void anInterruptedReadEndsAndLeavesTheBufferAlone() throws Exception {
    server.add(server.silence());
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    try (Storage storage = open(Map.of());
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
  void aTokenIsNotSentWithoutTls() throws IOException {
    String endpoint = server.address() + "/shop";
    try (Storage storage =
        new AzureStorage(AzureSettings.of(Map.of("endpoint_url", endpoint), Map.of()))) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> storage.stat(FILE))
          .withMessageContaining("set storage.storage_options.account_key or AZURE_STORAGE_KEY");
    }
  }

  @Test
  void whereNobodyIsLoggedInTheMessageSaysWhatToSet() throws IOException {
    // The kinds of credentials that need no network to be missing.
    System.setProperty("AZURE_TOKEN_CREDENTIALS", "dev");
    Map<String, String> options =
        Map.of("endpoint_url", "https://127.0.0.1:1/shop", "az_max_attempts", "1");
    try (Storage storage = new AzureStorage(AzureSettings.of(options, Map.of()))) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> storage.stat(FILE))
          .satisfies(
              e -> {
                // Somebody may be logged in where this runs.
                if (e.reason() == Reason.PERMISSION) {
                  assertThat(e)
                      .hasMessageContaining("set storage.storage_options.account_key, sas_token");
                } else {
                  assertThat(e).hasMessageContaining("Connection refused");
                }
              });
    } finally {
      System.clearProperty("AZURE_TOKEN_CREDENTIALS");
    }
  }

  private static EndpointCounts counts(Storage storage) {
    return storage.requests().orElseThrow().counts().values().iterator().next();
  }
}
