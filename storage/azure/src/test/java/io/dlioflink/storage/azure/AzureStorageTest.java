/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import static io.dlioflink.storage.StoredFiles.buffer;
import static io.dlioflink.storage.StoredFiles.content;
import static io.dlioflink.storage.StoredFiles.list;
import static io.dlioflink.storage.StoredFiles.read;
import static io.dlioflink.storage.StoredFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.azure.storage.blob.models.BlockListType;
import com.azure.storage.blob.specialized.BlockBlobClient;
import com.azure.storage.common.sas.AccountSasPermission;
import com.azure.storage.common.sas.AccountSasResourceType;
import com.azure.storage.common.sas.AccountSasService;
import com.azure.storage.common.sas.AccountSasSignatureValues;
import io.dlioflink.storage.EndpointCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageContract;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against Azurite. Blocks, ranges and pages are small, so that there are several of each. */
class AzureStorageTest extends StorageContract {
  private static final String CONTAINER = "container";
  private static final int BLOCK_BYTES = 1024 * 1024;
  private static AzureServer server;

  private final Storage storage = open(Map.of("az_client", client()));
  private final Location root = Location.parse("az://" + CONTAINER + "/" + UUID.randomUUID());

  /** What moves the bytes. */
  String client() {
    return "lean";
  }

  @BeforeAll
  static void startServer() throws IOException, InterruptedException {
    server = AzureServer.start();
    server.createContainer(CONTAINER);
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
    options.put("az_block_bytes", Integer.toString(BLOCK_BYTES));
    options.put("az_range_bytes", "70000");
    options.put("az_page_entries", "100");
    options.put("az_max_attempts", "1");
    options.putAll(changes);
    return new AzureStorage(AzureSettings.of(options, Map.of()));
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

  /** Blocks stay until a week has passed or they are removed, but nobody sees them. */
  @Override
  @Test
  public void closingWithoutACommitLeavesNothing() throws IOException {
    Location file = root.child("file");
    try (StorageWriter writer = storage.openWriter(file)) {
      writer.write(ByteBuffer.wrap(content(1, abandonedWriteBytes())));
    }
    assertThat(storage.stat(file)).isEmpty();
    assertThat(list(storage, root)).isEmpty();
    assertThat(storage.removeAbandonedWrites(root)).isLessThanOrEqualTo(1);
    assertThat(storage.removeAbandonedWrites(root)).isZero();
    assertThat(list(storage, root)).isEmpty();
  }

  @Test
  void aSmallFileIsOneRequestAndALargeOneBlocksAndTheirList() throws IOException {
    long before = requests();
    write(storage, root.child("small"), content(1, BLOCK_BYTES));
    assertThat(requests() - before).isEqualTo(1);

    before = requests();
    byte[] content = content(2, 5 * BLOCK_BYTES + 1);
    write(storage, root.child("large"), content);
    assertThat(requests() - before).isEqualTo(7);
    assertThat(read(storage, root.child("large"))).isEqualTo(content);
    assertThat(blob("large").listBlocks(BlockListType.ALL).getCommittedBlocks()).hasSize(6);
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
    read(storage, root.child("file"));

    String endpoint = server.address().substring("http://".length());
    EndpointCounts counts = storage.requests().orElseThrow().counts().get(endpoint);
    assertThat(counts)
        .isEqualTo(
            new EndpointCounts(
                3, 0, 0, 0, counts.connections(), counts.sentBytes(), counts.receivedBytes()));
    // The lean path sees the heads too.
    assertThat(counts.sentBytes()).isBetween(50_000L, 52_000L);
    assertThat(counts.receivedBytes()).isBetween(50_000L, 52_000L);
    assertThat(counts.connections()).isBetween(1L, 3L);
    var latencies = storage.requests().orElseThrow().takeLatencies();
    assertThat(latencies.firstByte().getTotalCount()).isEqualTo(3);
    assertThat(latencies.connect().getTotalCount()).isEqualTo(counts.connections());
    assertThat(latencies.body().getTotalCount()).isPositive();
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
          .withMessageStartingWith("Cannot read at byte 1000 (412 ConditionNotMet from 127.0.0.1:")
          .withMessageEndingWith("; the blob was replaced while it was read: " + file)
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
      assertThat(target.position()).isZero();
    }
  }

  @Test
  void theAccountMayStandInTheLocation() throws IOException {
    String path = root.path();
    Location full = Location.parse("az://" + server.account() + "/" + CONTAINER + "/" + path);
    write(storage, full.child("deep/file"), content(1, 10));

    assertThat(storage.stat(root.child("deep/file")))
        .contains(new StorageEntry(root.child("deep/file"), 10));
    assertThat(list(storage, full)).isEqualTo(Map.of("deep/file", 10L));
    Map<String, String> options = new HashMap<>(server.options());
    options.remove("account_name");
    try (Storage another = new AzureStorage(AzureSettings.of(options, Map.of()))) {
      assertThat(list(another, full)).isEqualTo(Map.of("deep/file", 10L));
    }
  }

  @Test
  void aWholeContainerIsListedWithoutItsFolderMarks() throws IOException {
    server.createContainer("whole");
    Location whole = Location.parse("az://whole");
    write(storage, whole.child("deep/file"), content(1, 10));
    var client = server.client().getBlobContainerClient("whole");
    client
        .getBlobClient("deep/")
        .getBlockBlobClient()
        .upload(new ByteArrayInputStream(new byte[0]), 0);
    try (var listing = storage.list(whole)) {
      assertThat(listing.next()).contains(new StorageEntry(whole.child("deep/file"), 10));
      assertThat(listing.next()).isEmpty();
    }
  }

  @Test
  void aSignatureOrAConnectionStringOpensAsWell() throws IOException {
    String signature =
        server
            .client()
            .generateAccountSas(
                new AccountSasSignatureValues(
                    OffsetDateTime.now(ZoneOffset.UTC).plusHours(1),
                    AccountSasPermission.parse("rwdlc"),
                    AccountSasService.parse("b"),
                    AccountSasResourceType.parse("co")));
    String endpoint = server.address() + "/" + server.account();
    for (Map<String, String> options :
        List.of(
            Map.of("sas_token", signature, "endpoint_url", endpoint),
            Map.of("connection_string", server.connectionString()))) {
      try (Storage other = new AzureStorage(AzureSettings.of(options, Map.of()))) {
        write(other, root.child("file"), content(1, 100));
        assertThat(read(other, root.child("file"))).isEqualTo(content(1, 100));
        assertThat(list(other, root)).isEqualTo(Map.of("file", 100L));
        other.delete(root.child("file"));
      }
    }
  }

  @Test
  void aWrongKeyIsAMatterOfPermission() throws IOException {
    String wrong = "d3Jvbmcga2V5";
    try (Storage other = open(Map.of("account_key", wrong))) {
      for (var call :
          List.<ThrowingCallable>of(
              () -> list(other, root),
              () -> other.stat(root.child("a")),
              () -> write(other, root.child("a"), content(1, 10)),
              () -> write(other, root.child("a"), content(1, 3 * BLOCK_BYTES)),
              () -> read(other, root.child("a")),
              () -> other.delete(root.child("a")))) {
        assertThatExceptionOfType(StorageException.class)
            .isThrownBy(call)
            .withMessageContaining("(403 AuthorizationFailure from 127.0.0.1:")
            .withMessageContaining("account key")
            .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.PERMISSION))
            .satisfies(e -> assertThat(e).hasStackTraceContaining("request "))
            .satisfies(e -> assertThat(Throwables.getStackTrace(e)).doesNotContain(wrong));
      }
    }
  }

  @Test
  void aMissingContainerIsNamed() {
    Location missing = Location.parse("az://no-such-container/folder");
    assertFails(Reason.MISSING, missing, () -> list(storage, missing));
    assertFails(
        Reason.MISSING, missing.child("a"), () -> write(storage, missing.child("a"), new byte[1]));
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> read(storage, missing.child("a")))
        .withMessageContaining("404 ContainerNotFound")
        .withMessageContaining("account 'dlioaccount', container 'no-such-container'");
  }

  private BlockBlobClient blob(String name) {
    return server
        .client()
        .getBlobContainerClient(CONTAINER)
        .getBlobClient(root.child(name).path())
        .getBlockBlobClient();
  }

  private long requests() {
    return storage.requests().orElseThrow().counts().values().stream()
        .mapToLong(EndpointCounts::requests)
        .sum();
  }
}
