/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import static io.dlioflink.storage.StoredFiles.content;
import static io.dlioflink.storage.StoredFiles.list;
import static io.dlioflink.storage.StoredFiles.read;
import static io.dlioflink.storage.StoredFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.storage.Storages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Failures that local file systems have, the same through the page cache and past it. */
class LocalFailuresTest {
  @TempDir private Path folder;

  private static Storage open(String scheme) throws IOException {
    return Storages.open(Location.parse(scheme + ":///"), StorageOptions.NONE);
  }

  private Location root(String scheme) {
    return Location.parse(scheme + "://" + folder);
  }

  private static void assertFails(Reason reason, String message, ThrowingCallable call) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(call)
        .withMessage(message)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  void whatTheUserMayNotReadIsAPermission(String scheme) throws IOException {
    Storage storage = open(scheme);
    Location file = root(scheme).child("closed/file");
    write(storage, file, content(1, 100));
    Path closed = folder.resolve("closed");
    try {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
      assumeThat(Files.isReadable(closed)).as("all is permitted to this user").isFalse();

      assertFails(
          Reason.PERMISSION,
          "Cannot open (Permission denied): " + file,
          () -> storage.openReader(file));
      assertFails(
          Reason.PERMISSION,
          "Cannot create (Permission denied): " + file,
          () -> storage.openWriter(file));
      assertFails(
          Reason.PERMISSION,
          "Cannot list (Permission denied): " + root(scheme).child("closed"),
          () -> list(storage, root(scheme)));
      assertFails(
          Reason.PERMISSION,
          "Cannot look up the file (Permission denied): " + file,
          () -> storage.stat(file));
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  void whereNobodyMayWriteIsAPermission(String scheme) throws IOException {
    assumeThat(Path.of("/sys/kernel")).as("a folder closed to everybody").isDirectory();
    Storage storage = open(scheme);
    Location file = Location.parse(scheme + ":///sys/kernel/file");

    assertFails(
        Reason.PERMISSION,
        "Cannot create (Permission denied): " + file,
        () -> storage.openWriter(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  void aFullDiskIsNoSpaceAndLeavesNothing(String scheme) throws Exception {
    Storage storage = open(scheme);
    try (SmallDisk disk = SmallDisk.mount(folder)) {
      Location file = root(scheme).child("disk/file");
      write(storage, file, content(1, 10_000));

      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> write(storage, file, content(2, 3 * SmallDisk.BYTES)))
          .withMessage("Cannot write (No space left on device): " + file)
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NO_SPACE));
      assertThat(read(storage, file)).isEqualTo(content(1, 10_000));
      assertThat(storage.removeAbandonedWrites(root(scheme))).isZero();
      assertThat(disk.folder()).isDirectoryNotContaining("glob:**.part");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  void afterAFailedWriteNothingCanBeCommitted(String scheme) throws Exception {
    Storage storage = open(scheme);
    try (SmallDisk disk = SmallDisk.mount(folder)) {
      Location file = root(scheme).child("disk/file");
      try (StorageWriter writer = storage.openWriter(file)) {
        assertThatExceptionOfType(StorageException.class)
            .isThrownBy(() -> writer.write(ByteBuffer.wrap(content(2, 3 * SmallDisk.BYTES))));
        assertFails(
            Reason.UNAVAILABLE,
            "An earlier write failed, the file can only be closed: " + file,
            writer::commit);
      }
      assertThat(disk.folder()).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  void aFileInTheWayOfAFolderIsNamed(String scheme) throws IOException {
    Storage storage = open(scheme);
    write(storage, root(scheme).child("file"), content(1, 1));
    Location below = root(scheme).child("file/deep/er");

    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> storage.openWriter(below))
        .withMessage("Cannot create (Not a directory): " + below);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  void aFolderIsNeitherReplacedNorDeleted(String scheme) throws IOException {
    Storage storage = open(scheme);
    Location taken = root(scheme).child("folder");
    Files.createDirectory(folder.resolve("folder"));

    assertFails(
        Reason.MISSING,
        "Cannot commit (Is a directory): " + taken,
        () -> write(storage, taken, content(1, 1)));
    assertFails(
        Reason.UNSUPPORTED,
        "Only files are deleted, and this is a folder: " + taken,
        () -> storage.delete(taken));
    assertThat(folder.resolve("folder")).isEmptyDirectory();
    assertThat(list(storage, root(scheme))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  void anInterruptStaysRecognisable(String scheme) throws IOException {
    Storage storage = open(scheme);
    Location file = root(scheme).child("file");
    write(storage, file, content(1, 10_000));
    try (StorageReader reader = storage.openReader(file);
        StorageWriter writer = storage.openWriter(file)) {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(ClosedByInterruptException.class)
          .isThrownBy(() -> reader.read(0, ByteBuffer.allocateDirect(100)));
      assertThatExceptionOfType(ClosedByInterruptException.class)
          .isThrownBy(() -> writer.write(ByteBuffer.allocateDirect(SmallDisk.BYTES)));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(read(storage, file)).isEqualTo(content(1, 10_000));
    assertThat(storage.removeAbandonedWrites(root(scheme))).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  void linksAreFollowedButNotInCircles(String scheme) throws IOException {
    Storage storage = open(scheme);
    write(storage, root(scheme).child("real/file"), content(1, 10));
    Files.createSymbolicLink(folder.resolve("linked"), Path.of("real"));
    Files.createSymbolicLink(folder.resolve("to nothing"), Path.of("nothing"));
    assertThat(list(storage, root(scheme))).isEqualTo(Map.of("real/file", 10L, "linked/file", 10L));

    Files.createSymbolicLink(folder.resolve("real/up"), Path.of(".."));
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> list(storage, root(scheme)))
        .withMessageContaining("This link leads back to a folder above it; remove it: ")
        .withMessageEndingWith("/up");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  void aNameThatCannotBeIsRefusedClearly(String scheme) throws IOException {
    Storage storage = open(scheme);
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> storage.openReader(root(scheme).child("a\0b")))
        .withMessageStartingWith("Not a file name (Nul character not allowed)");
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> write(storage, root(scheme).child("n".repeat(256)), content(1, 1)))
        .withMessageContaining("File name too long");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  void relativePathsBeginInTheWorkingFolder(String scheme) throws IOException {
    Storage storage = open(scheme);
    Path relative = Path.of("").toAbsolutePath().relativize(folder.toAbsolutePath());
    Location root = Location.parse(scheme + "://" + relative);
    write(storage, root.child("file"), content(1, 10));

    assertThat(read(storage, root.child("file"))).isEqualTo(content(1, 10));
    assertThat(list(storage, root)).containsOnlyKeys("file");
    assertThat(folder.resolve("file")).hasBinaryContent(content(1, 10));
  }
}
