/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import static io.dlioflink.storage.StoredFiles.buffer;
import static io.dlioflink.storage.StoredFiles.content;
import static io.dlioflink.storage.StoredFiles.list;
import static io.dlioflink.storage.StoredFiles.read;
import static io.dlioflink.storage.StoredFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The part of {@link StorageContract} that is about writing. */
public interface StorageWriterContract {

  /** The storage under test, one per test. */
  Storage storage();

  /** Where the test may write; holds nothing at its start and may not exist as a folder. */
  Location root();

  /** How much a killed writer has to have written for something to be left behind. */
  default int abandonedWriteBytes() {
    return 3 * 1024 * 1024 + 5;
  }

  @ParameterizedTest
  @CsvSource({"1, 20000", "100, 1200000", "70000, 4194625", "1500000, 7340033"})
  default void writesPiecesOfOddSizes(int largestPiece, int bytes) throws IOException {
    Location file = root().child("folder/file");
    byte[] content = content(largestPiece, bytes);
    Random random = new Random(largestPiece);
    IoCounts before = storage().ioCounts();
    try (StorageWriter writer = storage().openWriter(file)) {
      for (int done = 0; done < content.length; ) {
        int piece = Math.min(content.length - done, 1 + random.nextInt(largestPiece));
        ByteBuffer source =
            random.nextBoolean()
                ? ByteBuffer.wrap(content, done, piece)
                : buffer(storage(), piece).put(content, done, piece).flip();
        writer.write(source);
        assertThat(source.hasRemaining()).isFalse();
        done += piece;
      }
      writer.commit();
    }
    assertThat(read(storage(), file)).isEqualTo(content);
    IoCounts after = storage().ioCounts();
    assertThat(after.writtenBytes() - before.writtenBytes()).isEqualTo(content.length);
    assertThat(after.readBytes() - before.readBytes()).isEqualTo(content.length);
  }

  /** Buffers that were lent come back full, short, begun in the middle, late, and never. */
  @ParameterizedTest
  @CsvSource({"1048576, 12582912", "700000, 12582925", "3000, 40000"})
  default void writesWhatWasMadeInLentMemory(int largestPiece, int bytes) throws IOException {
    Location file = root().child("file");
    byte[] content = content(largestPiece, bytes);
    Random random = new Random(largestPiece);
    try (StorageWriter writer = storage().openWriter(file)) {
      ByteBuffer late = lentOrOwn(writer, largestPiece);
      for (int done = 0; done < content.length; ) {
        int before = late.position();
        boolean isLate = random.nextInt(4) == 0;
        ByteBuffer target = isLate ? late : lentOrOwn(writer, largestPiece);
        int start = random.nextInt(4) == 0 ? random.nextInt(100) : 0;
        int most = Math.min(content.length - done, target.limit() - start);
        int piece = Math.min(most, random.nextBoolean() ? most : 1 + random.nextInt(largestPiece));
        writer.write(target.position(start).put(content, done, piece).flip().position(start));
        assertThat(target.hasRemaining()).isFalse();
        done += piece;
        if (isLate) {
          late = lentOrOwn(writer, largestPiece);
        } else {
          assertThat(late.position()).as("nobody else has it").isEqualTo(before);
        }
      }
      writer.commit();
    }
    assertThat(read(storage(), file)).isEqualTo(content);
  }

  private ByteBuffer lentOrOwn(StorageWriter writer, int bytes) {
    ByteBuffer buffer = writer.lend().orElseGet(() -> buffer(storage(), bytes + 100));
    assertThat(buffer.position()).isZero();
    return buffer;
  }

  @Test
  default void writingLeavesTheSourceBufferUnchangedButForItsPosition() throws IOException {
    byte[] content = content(1, 2 * 1024 * 1024);
    ByteBuffer source = buffer(storage(), content.length).put(content);
    source.position(0).limit(1024 * 1024 + 300);
    try (StorageWriter writer = storage().openWriter(root().child("file"))) {
      writer.write(source);
      assertThat(source.position()).isEqualTo(1024 * 1024 + 300);
      assertThat(source.limit()).isEqualTo(1024 * 1024 + 300);
      writer.write(source.limit(content.length));
      writer.commit();
    }
    assertThat(source.clear().limit(content.length)).isEqualTo(ByteBuffer.wrap(content));
    assertThat(read(storage(), root().child("file"))).isEqualTo(content);
  }

  @Test
  default void replacesAFileAtOnce() throws IOException {
    Location file = root().child("file");
    byte[] old = content(1, 100_000);
    byte[] fresh = content(2, 90_001);
    write(storage(), file, old);

    try (StorageReader reader = storage().openReader(file)) {
      try (StorageWriter writer = storage().openWriter(file)) {
        writer.write(buffer(storage(), fresh.length).put(fresh).flip());
        assertThat(read(storage(), file)).isEqualTo(old);
        writer.commit();
        assertThat(read(storage(), file)).isEqualTo(fresh);
      }
      assertThat(read(storage(), reader, 0, 200_000)).isIn(old, fresh);
    }
    assertThat(list(storage(), root())).isEqualTo(Map.of("file", 90_001L));
  }

  @Test
  default void syncsAtAnyPointAndCommits() throws IOException {
    Location file = root().child("synced/file");
    byte[] content = content(1, 2 * 1024 * 1024 + 4_999);
    IoCounts before = storage().ioCounts();
    try (StorageWriter writer = storage().openWriter(file)) {
      writer.sync();
      writer.write(ByteBuffer.wrap(content, 0, 5_000));
      writer.sync();
      writer.write(ByteBuffer.wrap(content, 5_000, 10));
      writer.sync();
      writer.sync();
      writer.write(ByteBuffer.wrap(content, 5_010, content.length - 5_010));
      writer.commit();
    }
    assertThat(read(storage(), file)).isEqualTo(content);
    assertThat(storage().ioCounts().writtenBytes() - before.writtenBytes())
        .isEqualTo(content.length);
  }

  @Test
  default void closingWithoutACommitLeavesNothing() throws IOException {
    Location file = root().child("file");
    try (StorageWriter writer = storage().openWriter(file)) {
      writer.write(ByteBuffer.wrap(content(1, abandonedWriteBytes())));
    }
    assertThat(storage().stat(file)).isEmpty();
    assertThat(list(storage(), root())).isEmpty();
    assertThat(storage().removeAbandonedWrites(root())).isZero();
  }

  @Test
  default void closingWithoutACommitLeavesTheOldFile() throws IOException {
    Location file = root().child("file");
    byte[] old = content(1, 1_000);
    write(storage(), file, old);
    try (StorageWriter writer = storage().openWriter(file)) {
      writer.write(ByteBuffer.wrap(content(2, abandonedWriteBytes())));
      writer.sync();
    }
    assertThat(read(storage(), file)).isEqualTo(old);
  }

  @Test
  default void aWriterMayBeClosedTwiceAndTakesNothingAfterItsCommit() throws IOException {
    Location file = root().child("file");
    StorageWriter writer = storage().openWriter(file);
    writer.write(ByteBuffer.wrap(content(1, 100)));
    writer.commit();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> writer.write(ByteBuffer.wrap(content(2, 100))))
        .withMessageContaining("committed")
        .withMessageContaining(file.toString());
    writer.close();
    writer.close();
    assertThat(read(storage(), file)).isEqualTo(content(1, 100));
  }

  @Test
  default void aWriteUnderWayIsHiddenAndOnceAbandonedIsRemoved() throws IOException {
    byte[] kept = content(1, 100);
    write(storage(), root().child("kept/.x.part"), kept);
    Location file = root().child("deep/file");
    // Never closed, as if its process had been killed.
    StorageWriter killed = storage().openWriter(file);
    killed.write(ByteBuffer.wrap(content(2, abandonedWriteBytes())));

    assertThat(storage().stat(file)).isEmpty();
    assertThat(list(storage(), root())).isEqualTo(Map.of("kept/.x.part", 100L));
    assertThat(storage().removeAbandonedWrites(root().child("kept"))).isZero();
    assertThat(storage().removeAbandonedWrites(root())).isOne();
    assertThat(storage().removeAbandonedWrites(root())).isZero();
    assertThat(list(storage(), root())).isEqualTo(Map.of("kept/.x.part", 100L));
    assertThat(read(storage(), root().child("kept/.x.part"))).isEqualTo(kept);
  }

  @Test
  default void aFolderIsThereAndEmptyOnceItIsCreated() throws IOException {
    Location folder = root().child("deep/folder");
    storage().createFolder(folder);
    storage().createFolder(folder);
    assertThat(list(storage(), folder)).isEmpty();
  }

  @Test
  default void nothingIsAbandonedInAMissingFolder() throws IOException {
    assertThat(storage().removeAbandonedWrites(root().child("missing"))).isZero();
  }
}
