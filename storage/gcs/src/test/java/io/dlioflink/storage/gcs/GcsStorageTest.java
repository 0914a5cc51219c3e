/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import static io.dlioflink.storage.StoredFiles.buffer;
import static io.dlioflink.storage.StoredFiles.content;
import static io.dlioflink.storage.StoredFiles.list;
import static io.dlioflink.storage.StoredFiles.read;
import static io.dlioflink.storage.StoredFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dlioflink.storage.EndpointCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageContract;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against fake-gcs-server. Chunks, ranges and pages are small, so that there are several. */
class GcsStorageTest extends StorageContract {
  private static final String BUCKET = "bucket";
  private static final int CHUNK_BYTES = 1024 * 1024;
  private static GcsServer server;

  private final Storage storage = open(Map.of());
  private final Location root = Location.parse("gs://" + BUCKET + "/" + UUID.randomUUID());

  @BeforeAll
  static void startServer() throws IOException, InterruptedException {
    server = GcsServer.start();
    server.createBucket(BUCKET);
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @AfterEach
  void closeStorage() throws IOException {
    storage.close();
  }

  private static Storage open(Map<String, String> changes) {
    Map<String, String> options = new HashMap<>(server.options());
    options.put("gs_chunk_bytes", Integer.toString(CHUNK_BYTES));
    options.put("gs_range_bytes", "70000");
    options.put("gs_page_entries", "100");
    // The server drops a connection on which it refused a range.
    options.put("gs_max_attempts", "2");
    options.putAll(changes);
    return new GcsStorage(GcsSettings.of(options, Map.of()));
  }

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public Location root() {
    return root;
  }

  @Override
  protected boolean isHierarchical() {
    return false;
  }

  @Override
  protected int manyFiles() {
    return 350;
  }

  /** What a killed writer leaves is seen by nobody, not even by us; Google drops it. */
  @Override
  @Test
  public void aWriteUnderWayIsHiddenAndOnceAbandonedIsRemoved() throws IOException {
    write(storage, root.child("kept"), content(1, 100));
    Location file = root.child("deep/file");
    StorageWriter killed = storage.openWriter(file);
    killed.write(ByteBuffer.wrap(content(2, abandonedWriteBytes())));

    assertThat(storage.stat(file)).isEmpty();
    assertThat(list(storage, root)).isEqualTo(Map.of("kept", 100L));
    assertThat(storage.removeAbandonedWrites(root)).isZero();
    assertThat(list(storage, root)).isEqualTo(Map.of("kept", 100L));
  }

  @Test
  void aSmallFileIsOneRequestAndALargeOneAResumableUpload() throws IOException {
    long before = requests();
    write(storage, root.child("small"), content(1, CHUNK_BYTES));
    assertThat(requests() - before).isEqualTo(1);

    before = requests();
    byte[] content = content(2, 5 * CHUNK_BYTES + 1);
    write(storage, root.child("large"), content);
    // Its beginning, five chunks, and the rest.
    assertThat(requests() - before).isEqualTo(7);
    assertThat(read(storage, root.child("large"))).isEqualTo(content);
    assertThat(storage.ioCounts().retries()).isZero();
  }

  @Test
  void openingAndReadingAFileIsOneRequest() throws IOException {
    byte[] content = content(1, 60_000);
    write(storage, root.child("file"), content);
    long before = requests();
    try (StorageReader reader = storage.openReader(root.child("file"))) {
      assertThat(read(storage, reader, 0, 65_536)).isEqualTo(content);
      assertThat(reader.lengthBytes()).isEqualTo(60_000);
      assertThat(reader.read(60_000, buffer(storage, 10))).isEqualTo(-1);
    }
    assertThat(requests() - before).isEqualTo(1);
  }

  @Test
  void requestsAreMeasured() throws IOException {
    write(storage, root.child("file"), content(1, 50_000));
    try (StorageReader reader = storage.openReader(root.child("file"))) {
      read(storage, reader, 0, 50_000);
    }

    String endpoint = server.address().substring("http://".length());
    EndpointCounts counts = storage.requests().orElseThrow().counts().get(endpoint);
    assertThat(counts.requests()).isEqualTo(2);
    assertThat(counts.retries()).isZero();
    assertThat(counts.failures()).isZero();
    assertThat(counts.connections()).isEqualTo(1);
    assertThat(counts.sentBytes()).isBetween(50_000L, 52_000L);
    assertThat(counts.receivedBytes()).isBetween(50_000L, 53_000L);
    var latencies = storage.requests().orElseThrow().takeLatencies();
    assertThat(latencies.firstByte().getTotalCount()).isEqualTo(2);
    assertThat(latencies.connect().getTotalCount()).isEqualTo(1);
    assertThat(latencies.body().getTotalCount()).isEqualTo(2);
  }

  @Test
  void aFileReplacedBetweenReadsIsAnErrorAndNotAMixture() throws IOException {
    Location file = root.child("file");
    write(storage, file, content(1, 10_000));
    try (StorageReader reader = storage.openReader(file)) {
      read(storage, reader, 0, 1_000);
      write(storage, file, content(2, 10_000));

      ByteBuffer target = buffer(storage, 1_000);
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> reader.read(1_000, target))
          .withMessage("The object was replaced while it was read: " + file)
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
      assertThat(target.position()).isZero();
    }
  }

  @Test
  void aWholeBucketIsListedWithoutItsFolderMarks() throws IOException {
    server.createBucket("whole");
    Location whole = Location.parse("gs://whole");
    write(storage, whole.child("deep/file"), content(1, 10));
    server.client().create(com.google.cloud.storage.BlobInfo.newBuilder("whole", "deep/").build());
    try (var listing = storage.list(whole)) {
      assertThat(listing.next()).contains(new StorageEntry(whole.child("deep/file"), 10));
      assertThat(listing.next()).isEmpty();
    }
  }

  @Test
  void aMissingBucketIsNamed() {
    Location missing = Location.parse("gs://no-such-bucket/folder");
    assertFails(Reason.MISSING, missing, () -> list(storage, missing));
    assertFails(
        Reason.MISSING, missing.child("a"), () -> write(storage, missing.child("a"), new byte[1]));
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> read(storage, storage.openReader(missing.child("a")), 0, 10))
        .withMessageContaining("404 from http://127.0.0.1:")
        .withMessageContaining("check that bucket 'no-such-bucket' exists");
  }

  private long requests() {
    return storage.requests().orElseThrow().counts().values().stream()
        .mapToLong(EndpointCounts::requests)
        .sum();
  }
}
