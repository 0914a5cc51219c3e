/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import static io.dlioflink.storage.StoredFiles.content;
import static io.dlioflink.storage.StoredFiles.list;
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
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.storage.Storages;
import io.dlioflink.storage.http.Fault;
import io.dlioflink.storage.http.FaultProxy;
import io.dlioflink.storage.http.Origin;
import io.dlioflink.storage.http.WireMessage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
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
import software.amazon.awssdk.core.SdkGlobalTime;

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
    // What a server says of the time counts for all clients of the SDK in a process.
    SdkGlobalTime.setGlobalTimeOffset(0);
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

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void givesUpABodyThatTrickles(String client) throws IOException {
    open(client, "s3_request_timeout_seconds", "1");
    proxy.next(1, StorageFaultsTest::isGet, Fault.slow(Duration.ofMillis(20)));

    assertThat(read(storage, file)).isEqualTo(content);
    assertThat(counts().retries()).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void followsARedirectOfEachKindOfRequest(String client) throws IOException {
    open(client, "s3_write_part_mib", "5");
    try (FaultProxy other = FaultProxy.of(Origin.at("127.0.0.1", server.port()))) {
      proxy.next(Integer.MAX_VALUE, request -> true, Fault.redirect(other.uri().toString()));
      Location large = new Location("s3", BUCKET, "elsewhere/large");
      byte[] parts = content(8, 6 << 20);

      write(storage, large, parts);
      assertThat(read(storage, large)).isEqualTo(parts);
      assertThat(list(storage, new Location("s3", BUCKET, "elsewhere"))).hasSize(1);
      assertThat(storage.stat(large)).isPresent();
      storage.delete(large);
      assertThat(storage.stat(large)).isEmpty();

      assertThat(other.requests()).hasSize(proxy.requests().size() - 1);
      assertThat(storage.ioCounts().retries()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void doesNotFollowRedirectsForEver(String client) throws IOException {
    open(client);
    proxy.next(Integer.MAX_VALUE, request -> true, Fault.redirect(proxy.uri().toString()));

    assertFails(Reason.UNSUPPORTED);
    assertThat(proxy.requests()).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void signsByTheClockOfAServerThatFindsTheTimeWrong(String client) throws IOException {
    open(client);
    ZonedDateTime ahead = ZonedDateTime.now(ZoneOffset.UTC).plusHours(5);
    String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ahead);
    Fault tooOld = Fault.status(403, "RequestTimeTooSkewed", Map.of("date", date));
    proxy.next(2, StorageFaultsTest::isGet, tooOld);

    assertFails(Reason.PERMISSION);

    List<WireMessage> made = proxy.requests();
    String hour = DateTimeFormatter.ofPattern("yyyyMMdd'T'HH").format(ahead);
    assertThat(made.get(made.size() - 1).header("x-amz-date").orElseThrow()).startsWith(hour);
    assertThat(counts().retries()).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void sendsAndCompletesPartsWithChecksumsIfTheyAreWanted(String client) throws IOException {
    open(client, "s3_checksums", "when_supported", "s3_write_part_mib", "5");
    byte[] parts = content(8, 6 << 20);

    write(storage, file, parts);

    assertThat(read(storage, file)).isEqualTo(parts);
    assertThat(proxy.requests())
        .filteredOn(request -> request.target().contains("partNumber="))
        .hasSize(2)
        .allMatch(
            request ->
                request.header("x-amz-checksum-crc32").isPresent()
                    || request.header("x-amz-trailer").equals(Optional.of("x-amz-checksum-crc32")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void countsWhatTheServerHasTakenBeforeTheObjectIsThere(String client) throws IOException {
    open(client, "s3_write_part_mib", "5");
    long before = storage.ioCounts().writtenBytes();
    try (StorageWriter writer = storage.openWriter(file)) {
      writer.write(ByteBuffer.wrap(content(8, 12 << 20)));

      Awaitility.await().until(() -> storage.ioCounts().writtenBytes() - before == 10 << 20);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void aLargeBodyThatIsRefusedIsNotSent(String client) throws IOException {
    open(client);
    proxy.refuseBodies();
    proxy.next(1, StorageFaultsTest::isPut, Fault.status(403, "AccessDenied", Map.of()));
    byte[] large = content(8, 5 << 20);

    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> write(storage, file, large))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.PERMISSION));

    assertThat(proxy.requests())
        .filteredOn(StorageFaultsTest::isPut)
        .last()
        .satisfies(put -> assertThat(put.header("expect")).contains("100-continue"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void anInterruptEndsARead(String client) throws Exception {
    open(client, "s3_answer_timeout_seconds", "3600", "s3_request_timeout_seconds", "3600");
    proxy.next(1, StorageFaultsTest::isGet, Fault.hang());

    assertInterruptible(() -> read(storage, file), StorageFaultsTest::isGet);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void anInterruptEndsAnUpload(String client) throws Exception {
    open(
        client,
        "s3_answer_timeout_seconds",
        "3600",
        "s3_request_timeout_seconds",
        "3600",
        "s3_write_part_mib",
        "5");
    Predicate<WireMessage> isPart = request -> request.target().contains("partNumber=");
    proxy.next(Integer.MAX_VALUE, isPart, Fault.hang());

    assertInterruptible(() -> write(storage, file, content(8, 6 << 20)), isPart);

    assertThat(proxy.requests()).anyMatch(request -> request.method().equals("DELETE"));
  }

  private interface Work {
    void run() throws IOException;
  }

  private void assertInterruptible(Work work, Predicate<WireMessage> hangs) throws Exception {
    AtomicReference<IOException> thrown = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                thrown.set(e);
              }
            });
    thread.start();
    Awaitility.await().until(() -> proxy.requests().stream().anyMatch(hangs));
    thread.interrupt();
    thread.join();
    assertThat(thrown.get())
        .isInstanceOfAny(InterruptedIOException.class, ClosedByInterruptException.class);
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
