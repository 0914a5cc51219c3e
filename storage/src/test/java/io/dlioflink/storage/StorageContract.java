/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import static io.dlioflink.storage.StoredFiles.buffer;
import static io.dlioflink.storage.StoredFiles.content;
import static io.dlioflink.storage.StoredFiles.list;
import static io.dlioflink.storage.StoredFiles.read;
import static io.dlioflink.storage.StoredFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dlioflink.storage.StorageException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every storage back end does. A back end supplies a storage and an empty place for each test;
 * where it deviates, it overrides the test with one that asserts the deviation.
 */
public abstract class StorageContract implements StorageWriterContract {
  @Override
  public abstract Storage storage();

  @Override
  public abstract Location root();

  /** Whether folders exist by themselves, and not only as parts of keys. */
  protected abstract boolean isHierarchical();

  /** How many files make a listing long; more than one page of it. */
  protected int manyFiles() {
    return 2500;
  }

  /** Names of files that must work. */
  protected List<String> oddNames() {
    return List.of(
        "with a space",
        " leading and trailing ",
        "ünïcödé 日本 🎲",
        "100%41%2F",
        ".hidden",
        ".almost.part",
        "a+b&c=d#e?f;g",
        "it's \"quoted\"",
        "n".repeat(255));
  }

  // Listing

  @Test
  protected void listsNestedFilesWithTheirLengths() throws IOException {
    write(storage(), root().child("a"), content(1, 10));
    write(storage(), root().child("deep/er/b"), content(2, 20));
    write(storage(), root().child("deep/c"), content(3, 0));

    assertThat(list(storage(), root())).isEqualTo(Map.of("a", 10L, "deep/er/b", 20L, "deep/c", 0L));
    assertThat(list(storage(), root().child("deep"))).isEqualTo(Map.of("er/b", 20L, "c", 0L));
  }

  @Test
  protected void listsNothingOfAnEmptyFolder() throws IOException {
    write(storage(), root().child("folder/a"), content(1, 1));
    storage().delete(root().child("folder/a"));

    if (isHierarchical()) {
      assertThat(list(storage(), root().child("folder"))).isEmpty();
    }
    assertThat(list(storage(), root())).isEmpty();
  }

  @Test
  protected void listsAMissingFolderAsMissingIfThereAreFolders() throws IOException {
    Location missing = root().child("missing");
    if (isHierarchical()) {
      assertFails(Reason.MISSING, missing, () -> list(storage(), missing));
    } else {
      assertThat(list(storage(), missing)).isEmpty();
    }
  }

  @Test
  protected void aFolderIsNotListedWithAnotherWhoseNameItBegins() throws IOException {
    write(storage(), root().child("train/a"), content(1, 1));
    write(storage(), root().child("train2/b"), content(1, 1));
    write(storage(), root().child("trainer"), content(1, 1));

    assertThat(list(storage(), root().child("train"))).containsOnlyKeys("a");
  }

  @Test
  protected void listsThousandsOfFilesEachOnce() throws IOException {
    Map<String, Long> written = new TreeMap<>();
    for (int i = 0; i < manyFiles(); i++) {
      String name = "%02d/img_%05d_of_%05d.npz".formatted(i % 7, i, manyFiles());
      write(storage(), root().child(name), new byte[i % 11]);
      written.put(name, (long) (i % 11));
    }
    assertThat(list(storage(), root())).isEqualTo(written);
  }

  @Test
  protected void aListingMayBeClosedBeforeItsEnd() throws IOException {
    write(storage(), root().child("a"), content(1, 1));
    write(storage(), root().child("deep/b"), content(1, 1));

    try (StorageListing listing = storage().list(root())) {
      assertThat(listing.next()).isPresent();
    }
  }

  // Looking up and deleting

  @Test
  protected void statsAFileButNoFolderAndNothingMissing() throws IOException {
    Location file = root().child("folder/file");
    write(storage(), file, content(1, 4711));

    assertThat(storage().stat(file)).contains(new StorageEntry(file, 4711));
    assertThat(storage().stat(root().child("folder"))).isEmpty();
    assertThat(storage().stat(root().child("folder/fil"))).isEmpty();
    assertThat(storage().stat(root().child("nowhere/file"))).isEmpty();
    assertThat(storage().stat(file.child("below a file"))).isEmpty();
  }

  @Test
  protected void deletesAFileAndNothingElse() throws IOException {
    write(storage(), root().child("a"), content(1, 10));
    write(storage(), root().child("ab"), content(2, 20));

    storage().delete(root().child("a"));

    assertThat(storage().stat(root().child("a"))).isEmpty();
    assertThat(list(storage(), root())).isEqualTo(Map.of("ab", 20L));
  }

  @Test
  protected void deletingAMissingFileIsNoError() {
    assertThatCode(() -> storage().delete(root().child("missing"))).doesNotThrowAnyException();
    assertThatCode(() -> storage().delete(root().child("no/where"))).doesNotThrowAnyException();
  }

  // Reading

  @ParameterizedTest
  @CsvSource({
    // start, middle, end, across the end
    "0, 4096, 4096",
    "0, 1, 1",
    "0, 300000, 300000",
    "4096, 8192, 8192",
    "4097, 8191, 8191",
    "123457, 100000, 100000",
    "299999, 1, 1",
    "294912, 5088, 5088",
    "294912, 8192, 5088",
    "299000, 5000, 1000",
    "0, 2000000, 300000",
  })
  protected void readsAtAnyPosition(int position, int bytes, int expected) throws IOException {
    Location file = root().child("file");
    byte[] content = content(1, 300_000);
    write(storage(), file, content);

    try (StorageReader reader = storage().openReader(file)) {
      assertThat(reader.lengthBytes()).isEqualTo(300_000);
      assertThat(read(storage(), reader, position, bytes))
          .isEqualTo(slice(content, position, expected));
    }
  }

  @Test
  protected void readsBackwardsAndOverlapping() throws IOException {
    Location file = root().child("file");
    byte[] content = content(1, 100_000);
    write(storage(), file, content);

    try (StorageReader reader = storage().openReader(file)) {
      for (int position = 99_000; position >= 0; position -= 3_300) {
        int bytes = Math.min(7_000, content.length - position);
        assertThat(read(storage(), reader, position, bytes))
            .isEqualTo(slice(content, position, bytes));
      }
    }
  }

  @Test
  protected void readsIntoTheMiddleOfABufferAndMovesItsPosition() throws IOException {
    Location file = root().child("file");
    byte[] content = content(1, 10_000);
    write(storage(), file, content);

    for (ByteBuffer target :
        List.of(ByteBuffer.allocate(9_000), ByteBuffer.allocateDirect(9_000))) {
      target.position(77).limit(8_077);
      try (StorageReader reader = storage().openReader(file)) {
        assertThat(reader.read(1_000, target)).isEqualTo(8_000);
        assertThat(target.hasRemaining()).isFalse();
        assertThat(reader.read(0, target)).isZero();
      }
      byte[] all = new byte[9_000];
      target.clear().get(all);
      assertThat(slice(all, 77, 8_000)).isEqualTo(slice(content, 1_000, 8_000));
      assertThat(slice(all, 0, 77)).containsOnly(0);
      assertThat(slice(all, 8_077, 923)).containsOnly(0);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {10_000, 10_001, 12_288, 1L << 40})
  protected void readingPastTheEndTellsTheEnd(long position) throws IOException {
    Location file = root().child("file");
    write(storage(), file, content(1, 10_000));

    try (StorageReader reader = storage().openReader(file)) {
      assertThat(reader.read(position, buffer(storage(), 4096))).isEqualTo(-1);
      assertThat(reader.read(position, buffer(storage(), 100))).isEqualTo(-1);
    }
  }

  @Test
  protected void readFullyFillsTheTargetOrTellsWhereTheFileEnds() throws IOException {
    Location file = root().child("file");
    byte[] content = content(1, 10_000);
    write(storage(), file, content);

    try (StorageReader reader = storage().openReader(file)) {
      ByteBuffer target = buffer(storage(), 2_000);
      reader.readFully(8_000, target);
      assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(content, 8_000, 2_000));

      assertThatExceptionOfType(EOFException.class)
          .isThrownBy(() -> reader.readFully(9_000, buffer(storage(), 2_000)))
          .withMessage("End of file at byte 10000 while reading 2000 bytes at 9000");
    }
  }

  @Test
  protected void readsAnEmptyFile() throws IOException {
    Location file = root().child("empty");
    write(storage(), file, new byte[0]);

    assertThat(storage().stat(file)).contains(new StorageEntry(file, 0));
    try (StorageReader reader = storage().openReader(file)) {
      assertThat(reader.lengthBytes()).isZero();
      assertThat(reader.read(0, buffer(storage(), 4096))).isEqualTo(-1);
    }
  }

  @Test
  protected void aMissingFileIsMissingAtTheFirstReadAtTheLatest() {
    for (String name : List.of("missing", "no/where")) {
      Location missing = root().child(name);
      assertFails(Reason.MISSING, missing, () -> openAndRead(missing));
    }
  }

  @Test
  protected void aFolderReadAsAFileIsMissing() throws IOException {
    write(storage(), root().child("folder/file"), content(1, 1));
    Location folder = root().child("folder");

    assertFails(Reason.MISSING, folder, () -> openAndRead(folder));
  }

  @Test
  protected void aPathBelowAFileIsMissing() throws IOException {
    write(storage(), root().child("file"), content(1, 1));
    Location below = root().child("file/below");

    assertFails(Reason.MISSING, below, () -> openAndRead(below));
  }

  // Names and threads

  @Test
  protected void namesAreTakenAsTheyAre() throws IOException {
    Map<String, Long> written = new TreeMap<>();
    for (String name : oddNames()) {
      String path = "in " + name.substring(0, Math.min(20, name.length())) + "/" + name;
      byte[] content = content(written.size(), 5_000 + written.size());
      write(storage(), root().child(path), content);
      written.put(path, (long) content.length);
      assertThat(read(storage(), root().child(path))).isEqualTo(content);
      assertThat(storage().stat(root().child(path))).isPresent();
    }
    assertThat(list(storage(), root())).isEqualTo(written);
    for (String path : written.keySet()) {
      storage().delete(root().child(path));
    }
    assertThat(list(storage(), root())).isEmpty();
  }

  @Test
  protected void manyThreadsWriteAndReadAtOnceAndEveryByteIsCounted() throws Exception {
    IoCounts before = storage().ioCounts();
    int threads = 8;
    int files = 12;
    List<Callable<Long>> tasks = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int seed = thread;
      tasks.add(() -> writeAndReadBack(seed, files));
    }
    long bytes = 0;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      for (Future<Long> done : executor.invokeAll(tasks)) {
        bytes += done.get();
      }
    } finally {
      executor.shutdownNow();
    }

    assertThat(list(storage(), root())).hasSize(threads * files);
    IoCounts after = storage().ioCounts();
    assertThat(after.writtenBytes() - before.writtenBytes()).isEqualTo(bytes);
    assertThat(after.readBytes() - before.readBytes()).isEqualTo(bytes);
    assertThat(after.retries()).isEqualTo(before.retries());
  }

  private long writeAndReadBack(int seed, int files) throws IOException {
    Random random = new Random(seed);
    long bytes = 0;
    for (int i = 0; i < files; i++) {
      Location file = root().child("shared/%d/file %d of %d".formatted(i, i, seed));
      byte[] content = content(random.nextLong(), random.nextInt(300_000));
      write(storage(), file, content);
      assertThat(read(storage(), file)).isEqualTo(content);
      bytes += content.length;
    }
    return bytes;
  }

  private void openAndRead(Location file) throws IOException {
    try (StorageReader reader = storage().openReader(file)) {
      reader.read(0, buffer(storage(), 4096));
    }
  }

  /** Asserts that something fails for a reason, and that the message names the location. */
  protected static void assertFails(Reason reason, Location location, ThrowingCallable call) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(call)
        .withMessageContaining(location.toString())
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
        .satisfies(e -> assertThat(e.location()).isEqualTo(location.toString()));
  }

  private static byte[] slice(byte[] content, int position, int bytes) {
    byte[] slice = new byte[bytes];
    System.arraycopy(content, position, slice, 0, bytes);
    return slice;
  }
}
