/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import static io.dlioflink.storage.StoredFiles.content;
import static io.dlioflink.storage.StoredFiles.list;
import static io.dlioflink.storage.StoredFiles.read;
import static io.dlioflink.storage.StoredFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.dlioflink.storage.EndpointCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.storage.Storages;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** What object stores have and file systems do not, with S3Proxy. */
class S3ObjectsTest {
  private static final String BUCKET = "objects";
  private static final int MIB = 1024 * 1024;
  private static final AtomicInteger TESTS = new AtomicInteger();
  private static S3Server server;

  private final Location root = new Location("s3", BUCKET, "test" + TESTS.incrementAndGet());

  @BeforeAll
  static void startServer() throws IOException {
    server = S3Server.start();
    server.createBucket(BUCKET);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static Storage open(Map<String, String> more) throws IOException {
    return Storages.open(Location.parse("s3://" + BUCKET), server.options(more));
  }

  private static int uploads() {
    try (S3Client client = server.client()) {
      return client.listMultipartUploads(request -> request.bucket(BUCKET)).uploads().size();
    }
  }

  private static void assertFails(Reason reason, String message, IoStep step) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(step::run)
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private interface IoStep {
    void run() throws IOException;
  }

  @Test
  void aLargeObjectIsWrittenInPartsAndReadInRanges() throws IOException {
    byte[] content = content(1, 21 * MIB + 7);
    Location file = root.child("large");
    try (Storage storage = open(Map.of("s3_read_split_mib", "2", "s3_read_part_mib", "1"))) {
      write(storage, file, content);
      assertThat(read(storage, file)).isEqualTo(content);
      try (StorageReader reader = storage.openReader(file)) {
        ByteBuffer target = ByteBuffer.allocate(32 * MIB).position(5);
        assertThat(reader.read(3, target)).isEqualTo(content.length - 3);
        assertThat(target.position()).isEqualTo(5 + content.length - 3);
        assertThat(target.limit()).isEqualTo(32 * MIB);
        assertThat(target.slice(5, content.length - 3))
            .isEqualTo(ByteBuffer.wrap(content, 3, content.length - 3));
        assertThat(reader.read(content.length, ByteBuffer.allocate(4 * MIB))).isEqualTo(-1);
      }
      try (StorageReader reader = storage.openReader(file)) {
        assertThat(reader.read(content.length + 5L, ByteBuffer.allocate(4 * MIB))).isEqualTo(-1);
        assertThat(reader.read(content.length - MIB, ByteBuffer.allocate(4 * MIB))).isEqualTo(MIB);
      }
      assertThat(storage.ioCounts().writtenBytes()).isEqualTo(content.length);
      assertThat(storage.ioCounts().retries()).isZero();
      EndpointCounts counts =
          storage.requests().orElseThrow().counts().get("127.0.0.1:" + server.port());
      assertThat(counts.sentBytes()).isGreaterThanOrEqualTo(content.length);
      assertThat(counts.receivedBytes()).isGreaterThanOrEqualTo(2L * content.length);
      assertThat(counts.connections()).isBetween(1L, 40L);
      assertThat(counts.failures()).isZero();
      // Begin, three parts, complete; HEAD, 22 ranges for the whole.
      assertThat(counts.requests()).isGreaterThanOrEqualTo(5 + 1 + 22);
    }
    assertThat(uploads()).isZero();
  }

  @Test
  void aPartThatCannotBeWrittenFailsTheObjectAndLeavesNoPart() throws IOException {
    Location file = root.child("failing");
    try (Storage storage = failing(2, Integer.MAX_VALUE)) {
      assertFails(
          Reason.UNAVAILABLE,
          "Cannot write part 2 (Connection reset; endpoint 127.0.0.1:" + server.port(),
          () -> write(storage, file, content(1, 30 * MIB)));
      assertThat(storage.stat(file)).isEmpty();
      assertThat(storage.ioCounts().retries()).isEqualTo(2);
    }
    assertThat(uploads()).isZero();
  }

  @Test
  void aPartThatFailedInPassingIsWrittenAgain() throws IOException {
    Location file = root.child("passing");
    byte[] content = content(1, 30 * MIB);
    try (Storage storage = failing(2, 2)) {
      write(storage, file, content);
      assertThat(read(storage, file)).isEqualTo(content);
      assertThat(storage.ioCounts().retries()).isEqualTo(2);
      assertThat(storage.ioCounts().writtenBytes()).isEqualTo(content.length);
    }
    assertThat(uploads()).isZero();
  }

  @Test
  void aWriterThatIsClosedInAnInterruptedThreadLeavesNoPart() throws IOException {
    try (Storage storage = open(Map.of())) {
      StorageWriter writer = storage.openWriter(root.child("interrupted"));
      writer.write(ByteBuffer.wrap(content(1, 9 * MIB)));
      assertThat(uploads()).isOne();
      Thread.currentThread().interrupt();
      writer.close();
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(uploads()).isZero();
  }

  /** A storage whose part of this number is not written the first times. */
  private static Storage failing(int part, int times) throws IOException {
    AtomicInteger left = new AtomicInteger(times);
    return new S3Storage(
        S3SettingsReader.read(server.options(Map.of("s3_max_attempts", "3")), Map.of()),
        (clients, credentials, telemetry) ->
            new FailingTransfer(new SdkTransfer(clients), part, left));
  }

  private record FailingTransfer(ObjectTransfer transfer, int part, AtomicInteger left)
      implements ObjectTransfer {
    @Override
    public Got get(
        Endpoint endpoint,
        ObjectKey object,
        long position,
        ByteBuffer target,
        Optional<String> ifMatch)
        throws IOException {
      return transfer.get(endpoint, object, position, target, ifMatch);
    }

    @Override
    public Optional<String> put(Endpoint endpoint, ObjectKey object, List<ByteBuffer> content)
        throws IOException {
      return transfer.put(endpoint, object, content);
    }

    @Override
    public ObjectTransfer.SentPart putPart(
        Endpoint endpoint, ObjectKey object, String uploadId, int number, List<ByteBuffer> content)
        throws IOException {
      if (number == part && left.getAndDecrement() > 0) {
        throw RequestFailure.unanswered(endpoint, "Connection reset", null);
      }
      return transfer.putPart(endpoint, object, uploadId, number, content);
    }

    @Override
    public void close() throws IOException {
      transfer.close();
    }
  }

  @Test
  void anObjectThatIsReplacedWhileItIsReadIsAnError() throws IOException {
    Location file = root.child("replaced");
    try (Storage storage = open(Map.of())) {
      write(storage, file, content(1, 1000));
      try (StorageReader reader = storage.openReader(file)) {
        reader.read(0, ByteBuffer.allocate(100));
        write(storage, file, content(2, 1000));
        assertFails(
            Reason.UNAVAILABLE,
            "replaced while it was being read: " + file,
            () -> reader.read(100, ByteBuffer.allocate(100)));
      }
    }
  }

  @Test
  void keysThatStandForFoldersAreNoFiles() throws IOException {
    try (Storage storage = open(Map.of());
        S3Client client = server.client()) {
      client.putObject(
          request -> request.bucket(BUCKET).key(root.path() + "/folder/"), RequestBody.empty());
      write(storage, root.child("folder/a"), content(1, 10));
      assertThat(list(storage, root)).isEqualTo(Map.of("folder/a", 10L));
    }
  }

  @Test
  void aWholeBucketIsListedAndNothingOfItIsTakenForAbandoned() throws IOException {
    Location bucket = Location.parse("s3://whole-bucket");
    server.createBucket("whole-bucket");
    try (Storage storage = open(Map.of())) {
      write(storage, bucket.child("train/a"), content(1, 10));
      StorageWriter writer = storage.openWriter(bucket.child("train/b"));
      writer.write(ByteBuffer.wrap(content(1, 9 * MIB)));
      assertThat(storage.removeAbandonedWrites(bucket)).isZero();
      assertThat(storage.removeAbandonedWrites(bucket.child("train"))).isOne();
      writer.close();
      assertThat(storage.list(bucket).next().orElseThrow().location())
          .isEqualTo(bucket.child("train/a"));
      assertThat(storage.stat(bucket)).isEmpty();
    }
  }

  @Test
  void aMissingBucketIsMissing() throws IOException {
    Location file = Location.parse("s3://no-such-bucket/a");
    String hint = "create bucket 'no-such-bucket' first, or name another";
    try (Storage storage = open(Map.of())) {
      assertFails(Reason.MISSING, hint, () -> write(storage, file, content(1, 10)));
      assertFails(Reason.MISSING, hint, () -> storage.list(file).next());
      assertFails(
          Reason.MISSING, hint, () -> storage.openReader(file).read(0, ByteBuffer.allocate(10)));
    }
  }

  @Test
  void aBucketAloneIsNoObject() throws IOException {
    Location bucket = Location.parse("s3://" + BUCKET);
    try (Storage storage = open(Map.of())) {
      assertFails(
          Reason.UNSUPPORTED,
          "An object needs a bucket and a key, as in s3://bucket/key: " + bucket,
          () -> write(storage, bucket, content(1, 10)));
    }
  }

  @Test
  void wrongKeysAreAMatterOfPermissionAndNotPrinted() throws IOException {
    Location file = root.child("a");
    Map<String, String> wrongSecret = Map.of("secret_access_key", "wrong-secret");
    Map<String, String> wrongId = Map.of("access_key_id", "AKIAUNKNOWNKEY");
    for (Map<String, String> wrong : List.of(wrongSecret, wrongId)) {
      try (Storage storage = open(wrong)) {
        assertThatExceptionOfType(StorageException.class)
            .isThrownBy(() -> storage.openReader(file).read(0, ByteBuffer.allocate(10)))
            .withMessageContaining("endpoint 127.0.0.1:" + server.port())
            .withMessageContaining(file.toString())
            .withMessageContaining("check the ")
            .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.PERMISSION))
            .satisfies(
                e ->
                    assertThat(trace(e))
                        .doesNotContain(
                            S3Server.SECRET_ACCESS_KEY,
                            S3Server.ACCESS_KEY_ID,
                            "wrong-secret",
                            "AKIAUNKNOWNKEY"));
        assertThat(storage.ioCounts().retries()).isZero();
      }
    }
  }

  private static String trace(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void anEndpointThatDiesIsTakenOutAndComesBack() throws IOException {
    try (Relay relay = new Relay(server.port());
        Storage storage =
            open(
                Map.of(
                    "endpoints",
                    server.endpointUrl() + ",http://127.0.0.1:" + relay.port(),
                    "s3_max_attempts",
                    "10"))) {
      String relayed = "127.0.0.1:" + relay.port();
      write(storage, root.child("a"), content(1, 100));
      for (int i = 0; i < 4; i++) {
        read(storage, root.child("a"));
      }
      assertThat(requests(storage, relayed)).isPositive();
      relay.goAway();
      for (int i = 0; i < 40; i++) {
        assertThat(read(storage, root.child("a"))).isEqualTo(content(1, 100));
      }
      EndpointCounts dead = storage.requests().orElseThrow().counts().get(relayed);
      assertThat(dead.failures()).isBetween(1L, 10L);
      assertThat(dead.retries()).isEqualTo(dead.failures());
      assertThat(storage.ioCounts().retries()).isEqualTo(dead.retries());
      relay.comeBack();
      long before = requests(storage, relayed);
      await()
          .until(
              () -> {
                read(storage, root.child("a"));
                return requests(storage, relayed) > before + 10;
              });
    }
  }

  private static long requests(Storage storage, String endpoint) {
    return storage
        .requests()
        .orElseThrow()
        .counts()
        .getOrDefault(endpoint, EndpointCounts.ZERO)
        .requests();
  }
}
