/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** What does not depend on how the bytes of a file are moved. */
final class LocalFiles {
  private LocalFiles() {}

  /** The path of a location; a relative one begins in the working folder. */
  static Path path(Location location) throws StorageException {
    try {
      return Path.of(location.path());
    } catch (InvalidPathException e) {
      boolean ascii = location.path().chars().allMatch(c -> c < 128);
      throw new StorageException(
          Reason.UNSUPPORTED,
          location,
          ascii
              ? "Not a file name (%s)".formatted(e.getReason())
              : "Not a file name in the encoding %s; set a UTF-8 locale such as LC_ALL=C.UTF-8"
                  .formatted(System.getProperty("sun.jnu.encoding")),
          e);
    }
  }

  static StorageListing list(Location folder) throws IOException {
    return new Listing(folder, new FolderWalk(folder));
  }

  private record Listing(Location folder, FolderWalk walk) implements StorageListing {
    @Override
    public Optional<StorageEntry> next() throws IOException {
      for (var found = walk.next(); found.isPresent(); found = walk.next()) {
        FolderWalk.Found file = found.get();
        if (!TemporaryName.matches(file.name())) {
          return Optional.of(new StorageEntry(folder.child(file.relative()), file.lengthBytes()));
        }
      }
      return Optional.empty();
    }

    @Override
    public void close() throws IOException {
      walk.close();
    }
  }

  static Optional<StorageEntry> stat(Location file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path(file), BasicFileAttributes.class);
      return attributes.isRegularFile()
          ? Optional.of(new StorageEntry(file, attributes.size()))
          : Optional.empty();
    } catch (IOException e) {
      IOException sorted = FileErrors.sorted(e, file, "Cannot look up the file");
      if (sorted instanceof StorageException known && known.reason() == Reason.MISSING) {
        return Optional.empty();
      }
      throw sorted;
    }
  }

  static void delete(Location file) throws IOException {
    Path path = path(file);
    try {
      // The JDK would delete an empty folder as well.
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new StorageException(
            Reason.UNSUPPORTED, file, "Only files are deleted, and this is a folder");
      }
      Files.deleteIfExists(path);
    } catch (IOException e) {
      IOException sorted = FileErrors.sorted(e, file, "Cannot delete");
      if (!(sorted instanceof StorageException known && known.reason() == Reason.MISSING)) {
        throw sorted;
      }
    }
  }

  static void createFolder(Location folder) throws IOException {
    try {
      Files.createDirectories(path(folder));
    } catch (IOException e) {
      throw FileErrors.sorted(e, folder, "Cannot create");
    }
  }

  static long removeAbandonedWrites(Location folder) throws IOException {
    if (!Files.isDirectory(path(folder))) {
      return 0;
    }
    long removed = 0;
    try (FolderWalk walk = new FolderWalk(folder)) {
      for (var found = walk.next(); found.isPresent(); found = walk.next()) {
        FolderWalk.Found file = found.get();
        if (TemporaryName.matches(file.name()) && remove(folder, file)) {
          removed++;
        }
      }
    }
    return removed;
  }

  private static boolean remove(Location folder, FolderWalk.Found file) throws IOException {
    try {
      Files.delete(file.path());
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw FileErrors.sorted(e, folder.child(file.relative()), "Cannot remove an abandoned write");
    }
  }
}
