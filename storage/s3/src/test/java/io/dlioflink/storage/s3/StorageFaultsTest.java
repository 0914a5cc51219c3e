/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import static io.dlioflink.storage.StoredFiles.content;
import static io.dlioflink.storage.StoredFiles.read;
import static io.dlioflink.storage.StoredFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dlioflink.storage.EndpointCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.Storages;
import io.dlioflink.storage.http.Fault;
import io.dlioflink.storage.http.FaultProxy;
import io.dlioflink.storage.http.Origin;
import io.dlioflink.storage.http.WireMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that fails for a while, as both ways to move bytes see it: alike. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class StorageFaultsTest {
  private static final String BUCKET = "faults";
  private static S3Server server;

  private final Location file = new Location("s3", BUCKET, "some folder/file");
  private final byte[] content = content(7, 300_000);
  private FaultProxy proxy;
  private Storage storage;

  @BeforeAll
  static void startServer() throws IOException {
    server = S3Server.start();
    server.createBucket(BUCKET);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void startProxy() throws IOException {
    proxy = FaultProxy.of(Origin.at("127.0.0.1", server.port()));
  }

  @AfterEach
  void closesAllConnections() throws IOException {
    storage.close();
    Awaitility.await().until(() -> proxy.openConnections() == 0);
    proxy.close();
  }

  private static boolean isGet(WireMessage request) {
    return request.method().equals("GET");
  }

  private static boolean isPut(WireMessage request) {
    return request.method().equals("PUT");
  }

  private void open(String client, String... more) throws IOException {
    Map<String, String> options = new TreeMap<>();
    options.put("s3_client", client);
    options.put("endpoint_url", proxy.uri().toString());
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    storage = Storages.open(file, server.options(options));
    write(storage, file, content);
  }

  static Stream<Arguments> passingFaultsOfReads() {
    Map<String, Fault> faults =
        Map.of(
            "503 SlowDown", Fault.slowDown(),
            "500 in chunks", Fault.chunkedStatus(500, "<Error><Code>InternalError</Code></Error>"),
            "reset", Fault.reset(),
            "reset amid the body", Fault.resetAfter(100_000),
            "end amid the body", Fault.endAfter(100_000),
            "nonsense", Fault.raw("nonsense\r\n\r\n"));
    return faults.entrySet().stream()
        .flatMap(
            fault ->
                Stream.of("lean", "sdk")
                    .map(client -> Arguments.of(client, fault.getKey(), fault.getValue())));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("passingFaultsOfReads")
  void readsAllBytesAfterAFault(String client, String name, Fault fault) throws IOException {
    open(client);
    // Makes a connection first, so that a reset is one of a connection that was good.
    proxy.next(2, StorageFaultsTest::isGet, fault);
    EndpointCounts before = counts();

    assertThat(read(storage, file)).isEqualTo(content);

    EndpointCounts after = counts();
    assertThat(after.retries() - before.retries()).as(name).isBetween(1L, 2L);
    assertThat(after.throttles() - before.throttles())
        .isEqualTo(name.equals("503 SlowDown") ? 2 : 0);
    assertThat(storage.ioCounts().readBytes()).isEqualTo(content.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void readsAllBytesOfAnswersCutShort(String client) throws IOException {
    open(client);
    proxy.next(2, StorageFaultsTest::isGet, Fault.shortened(100_000));

    assertThat(read(storage, file)).isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void writesAllBytesAfterFaults(String client) throws IOException {
    open(client);
    Location other = new Location("s3", BUCKET, "other");
    proxy.next(2, StorageFaultsTest::isPut, Fault.slowDown());
    proxy.next(1, StorageFaultsTest::isPut, Fault.status(500, "InternalError", Map.of()));

    write(storage, other, content);

    assertThat(read(storage, other)).isEqualTo(content);
    assertThat(counts().retries()).isEqualTo(3);
    assertThat(counts().throttles()).isEqualTo(2);
    assertThat(storage.ioCounts().writtenBytes()).isEqualTo(2L * content.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void doesNotWaitForASilentServer(String client) throws IOException {
    open(client, "s3_answer_timeout_seconds", "1");
    proxy.next(1, StorageFaultsTest::isGet, Fault.hang());
    proxy.next(1, StorageFaultsTest::isGet, Fault.stallAfter(1_000));

    assertThat(read(storage, file)).isEqualTo(content);
    assertThat(counts().retries()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void goesOnWhenAServerComesBack(String client) throws Exception {
    open(client, "s3_max_attempts", "20");
    proxy.goAway();
    ExecutorService reader = Executors.newSingleThreadExecutor();
    try {
      Future<byte[]> reading = reader.submit(() -> read(storage, file));
      Awaitility.await().until(() -> counts().retries() >= 3);
      proxy.comeBack();
      assertThat(reading.get()).isEqualTo(content);
    } finally {
      reader.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void doesNotRepeatWhatIsRefusedForGood(String client) throws IOException {
    open(client);
    proxy.next(1, StorageFaultsTest::isGet, Fault.status(400, "ExpiredToken", Map.of()));
    assertFails(Reason.PERMISSION);
    proxy.next(1, StorageFaultsTest::isGet, Fault.status(403, "AccessDenied", Map.of()));
    assertFails(Reason.PERMISSION);
    storage.delete(file);
    assertFails(Reason.MISSING);

    assertThat(counts().retries()).isZero();
  }

  private void assertFails(Reason reason) throws IOException {
    try (StorageReader reader = storage.openReader(file)) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> reader.read(0, ByteBuffer.allocateDirect(100)))
          .withMessageContaining(file.toString())
          .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
          .satisfies(e -> assertThat(e.toString()).doesNotContain(S3Server.SECRET_ACCESS_KEY));
    }
  }

  private EndpointCounts counts() {
    return storage
        .requests()
        .orElseThrow()
        .counts()
        .getOrDefault("127.0.0.1:" + proxy.port(), EndpointCounts.ZERO);
  }
}
