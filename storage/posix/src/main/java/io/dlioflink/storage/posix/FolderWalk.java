/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Walks through all files below a folder, one at a time: holds an open folder per level, never a
 * list of names. Follows links; what vanishes under way is skipped. Not thread-safe.
 */
final class FolderWalk implements Closeable {

  /**
   * A file met.
   *
   * @param relative its path below the folder the walk began in
   */
  record Found(Path path, String relative, long lengthBytes) {
    String name() {
      return relative.substring(relative.lastIndexOf('/') + 1);
    }
  }

  private record Level(
      DirectoryStream<Path> stream, Iterator<Path> entries, String prefix, Object fileKey) {}

  private final Location root;
  private final Deque<Level> levels = new ArrayDeque<>();

  FolderWalk(Location root) throws IOException {
    this.root = root;
    Path folder = LocalFiles.path(root);
    try {
      enter(folder, "", Files.readAttributes(folder, BasicFileAttributes.class).fileKey());
    } catch (IOException e) {
      throw FileErrors.sorted(e, root, "Cannot list the folder");
    }
  }

  /** The next file, or empty at the end. */
  Optional<Found> next() throws IOException {
    while (!levels.isEmpty()) {
      Level level = levels.getLast();
      if (!hasNext(level)) {
        levels.removeLast();
        level.stream().close();
        continue;
      }
      Path path = level.entries().next();
      String relative = level.prefix() + path.getFileName();
      try {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (attributes.isRegularFile()) {
          return Optional.of(new Found(path, relative, attributes.size()));
        }
        if (attributes.isDirectory()) {
          refuseCircle(relative, attributes.fileKey());
          enter(path, relative + "/", attributes.fileKey());
        }
      } catch (NoSuchFileException e) {
        // Gone since its name was read, or a link to nothing: not a file.
      } catch (IOException e) {
        throw FileErrors.sorted(e, root.child(relative), "Cannot list");
      }
    }
    return Optional.empty();
  }

  private boolean hasNext(Level level) throws IOException {
    try {
      return level.entries().hasNext();
    } catch (DirectoryIteratorException e) {
      throw FileErrors.sorted(e.getCause(), root.child(level.prefix()), "Cannot list the folder");
    }
  }

  // Closed when its level is left.
  @SuppressWarnings("StreamResourceLeak")
  private void enter(Path folder, String prefix, Object fileKey) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(folder);
    levels.addLast(new Level(stream, stream.iterator(), prefix, fileKey));
  }

  private void refuseCircle(String relative, Object fileKey) throws StorageException {
    for (Level above : levels) {
      if (above.fileKey().equals(fileKey)) {
        throw new StorageException(
            Reason.UNSUPPORTED,
            root.child(relative),
            "This link leads back to a folder above it; remove it");
      }
    }
  }

  @Override
  public void close() throws IOException {
    while (!levels.isEmpty()) {
      levels.removeLast().stream().close();
    }
  }
}
