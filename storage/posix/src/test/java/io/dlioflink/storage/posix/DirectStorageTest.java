/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import static io.dlioflink.storage.StoredFiles.buffer;
import static io.dlioflink.storage.StoredFiles.content;
import static io.dlioflink.storage.StoredFiles.read;
import static io.dlioflink.storage.StoredFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.dlioflink.storage.IoCounts;
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
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectStorageTest extends StorageContract {
  private static final int MEBIBYTE = 1024 * 1024;

  private final Storage storage = new DirectStorage();
  @TempDir private Path folder;

  @BeforeEach
  void skipWithoutDirectIo() throws IOException {
    String refusal = "";
    try (StorageWriter writer = storage.openWriter(root().child("probe"))) {
      writer.sync();
    } catch (StorageException e) {
      refusal = e.reason() == Reason.UNSUPPORTED ? e.getMessage() : "";
    }
    assumeThat(refusal).as("refusal of direct I/O in the temporary folder").isEmpty();
  }

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public Location root() {
    return Location.parse("direct://" + folder);
  }

  @Override
  protected boolean isHierarchical() {
    return true;
  }

  @Test
  void alignedReadsGoStraightAndOthersAreBounced() throws IOException {
    Location file = root().child("file");
    byte[] content = content(1, 3 * MEBIBYTE + 100);
    write(storage, file, content);
    try (StorageReader reader = storage.openReader(file)) {
      assertThat(read(storage, reader, 0, MEBIBYTE)).hasSize(MEBIBYTE);
      assertReadSoFar(MEBIBYTE, 0);
      // The end of the file comes short, but straight.
      assertThat(read(storage, reader, 3 * MEBIBYTE, 4096)).hasSize(100);
      assertReadSoFar(MEBIBYTE + 100, 0);
      // Position
      assertThat(read(storage, reader, 1, 4096)).hasSize(4096);
      assertReadSoFar(MEBIBYTE + 100, 4096);
      // Length
      assertThat(read(storage, reader, 0, 4095)).hasSize(4095);
      assertReadSoFar(MEBIBYTE + 100, 4096 + 4095);
      // Buffer
      ByteBuffer shifted = buffer(storage, 4100).position(4);
      assertThat(reader.read(0, shifted)).isEqualTo(4096);
      assertReadSoFar(MEBIBYTE + 100, 4096 + 4095 + 4096);
      // Heap
      assertThat(reader.read(0, ByteBuffer.allocate(8192))).isEqualTo(8192);
      assertReadSoFar(MEBIBYTE + 100, 4096 + 4095 + 4096 + 8192);
      // Larger than the bounce buffer
      ByteBuffer large = buffer(storage, 3 * MEBIBYTE);
      assertThat(reader.read(7, large)).isEqualTo(3 * MEBIBYTE);
      assertThat(large.flip()).isEqualTo(ByteBuffer.wrap(content, 7, 3 * MEBIBYTE));
    }
  }

  private void assertReadSoFar(long straight, long bounced) {
    assertThat(storage.ioCounts().directReadBytes()).isEqualTo(straight);
    assertThat(storage.ioCounts().bouncedReadBytes()).isEqualTo(bounced);
    assertThat(storage.ioCounts().readBytes()).isEqualTo(straight + bounced);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        4095,
        4096,
        4097,
        MEBIBYTE - 1,
        MEBIBYTE,
        MEBIBYTE + 1,
        MEBIBYTE + 4096,
        3_333_333
      })
  void filesOfAnySizeAreWrittenDirectlyWithoutTheirPadding(int bytes) throws IOException {
    Location file = root().child("file");
    byte[] content = content(bytes, bytes);
    write(storage, file, content);

    assertThat(storage.stat(file)).contains(new StorageEntry(file, bytes));
    assertThat(storage.ioCounts()).isEqualTo(new IoCounts(0, 0, 0, bytes, bytes, 0));
    ByteBuffer target = buffer(storage, bytes + 8192 & -4096);
    try (StorageReader reader = storage.openReader(file)) {
      assertThat(reader.read(0, target)).isEqualTo(bytes == 0 ? -1 : bytes);
    }
    assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(content));
    assertThat(storage.ioCounts()).isEqualTo(new IoCounts(bytes, bytes, 0, bytes, bytes, 0));
  }

  @Test
  void largePiecesBehindASmallOneAreWrittenDirectlyAllTheSame() throws IOException {
    Location file = root().child("file");
    byte[] content = content(1, 128 + 5 * MEBIBYTE);
    try (StorageWriter writer = storage.openWriter(file)) {
      writer.write(ByteBuffer.wrap(content, 0, 128));
      writer.write(buffer(storage, 5 * MEBIBYTE).put(content, 128, 5 * MEBIBYTE).flip());
      writer.commit();
    }
    assertThat(read(storage, file)).isEqualTo(content);
    assertThat(storage.ioCounts().directWrittenBytes()).isEqualTo(content.length);
  }

  @Test
  void buffersOfClosedWritersAreUsedAgain() throws IOException {
    // 4,000 times 1 MiB of direct memory would not fit.
    for (int i = 0; i < 4_000; i++) {
      try (StorageWriter writer = storage.openWriter(root().child("file"))) {
        writer.write(ByteBuffer.wrap(new byte[] {1}));
      }
    }
    assertThat(storage.stat(root().child("file"))).isEmpty();
  }

  @Test
  void aFileSystemWithoutDirectIoIsNamedWithWhatToDo() {
    Location file = Location.parse("direct:///proc/version");
    assumeThat(Path.of(file.path())).as("a file without O_DIRECT").exists();

    assertFails(Reason.UNSUPPORTED, file, () -> storage.openReader(file));
    assertThatThrownBy(() -> storage.openReader(file))
        .hasMessage(
            "The file system here (proc) has no direct I/O (O_DIRECT); use file:// to go through"
                + " the page cache, or a folder on a disk file system such as ext4 or xfs: "
                + file);
  }

  @Test
  void aWriteWhereThereIsNoDirectIoLeavesNothing() throws IOException {
    try (SmallDisk disk = SmallDisk.mount(folder, "ramfs")) {
      Location file = root().child("disk/file");
      assertFails(Reason.UNSUPPORTED, file, () -> storage.openWriter(file));
      assertThatThrownBy(() -> storage.openWriter(file)).hasMessageContaining("(ramfs)");
      assertThat(disk.folder()).isEmptyDirectory();
    }
  }
}
