/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;

/**
 * A file under a temporary name in the folder of its final one, which it gets by a rename. Not
 * thread-safe.
 */
final class AtomicFile implements Closeable {
  private static final FileAttribute<?>[] NO_ATTRIBUTES = {};
  private static final Set<OpenOption> FOLDER = Set.of(StandardOpenOption.READ);

  private enum State {
    WRITING,
    FAILED,
    COMMITTED,
    CLOSED
  }

  private final Location location;
  private final Path path;
  private final Path temporary;
  private final FileChannel channel;

  /** The lowest folder that was there. */
  private final Path existing;

  private State state = State.WRITING;
  private boolean synced;

  private AtomicFile(
      Location location, Path path, Path temporary, FileChannel channel, Path existing) {
    this.location = location;
    this.path = path;
    this.temporary = temporary;
    this.channel = channel;
    this.existing = existing;
  }

  /**
   * Creates the file, and the folders above it.
   *
   * @param options how to open; must hold {@code CREATE_NEW} and {@code WRITE}
   */
  static AtomicFile create(Location location, Set<? extends OpenOption> options)
      throws IOException {
    Path path = LocalFiles.path(location);
    Path name = path.getFileName();
    if (name == null || name.toString().isEmpty()) {
      throw new StorageException(Reason.UNSUPPORTED, location, "Not the name of a file");
    }
    boolean foldersMade = false;
    Path existing = path.toAbsolutePath().getParent();
    while (true) {
      Path temporary = path.resolveSibling(TemporaryName.of(name.toString()));
      try {
        return new AtomicFile(
            location,
            path,
            temporary,
            FileChannel.open(temporary, options, NO_ATTRIBUTES),
            existing);
      } catch (FileAlreadyExistsException e) {
        // Another writer drew the same random number: draw again.
      } catch (NoSuchFileException e) {
        if (foldersMade || path.getParent() == null) {
          throw FileErrors.sorted(e, location, "Cannot create");
        }
        existing = makeFolders(path.getParent(), location);
        foldersMade = true;
      } catch (IOException e) {
        removeAfterFailedOpen(temporary, e);
        throw FileErrors.sorted(e, location, "Cannot create");
      }
    }
  }

  /** O_CREAT may have taken effect although the open failed: Linux does so for O_DIRECT. */
  private static void removeAfterFailedOpen(Path temporary, IOException failure) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Returns the lowest folder that was there. */
  private static Path makeFolders(Path folder, Location location) throws IOException {
    Path existing = folder.toAbsolutePath();
    while (Files.notExists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw FileErrors.sorted(e, location, "Cannot create the folder");
    }
    return existing;
  }

  /** Where the bytes go. */
  FileChannel channel() {
    return channel;
  }

  /** The folder it is in. */
  Path folder() {
    Path parent = path.getParent();
    return parent == null ? Path.of("") : parent;
  }

  /** Refuses to go on after an end. */
  void requireWriting() throws StorageException {
    switch (state) {
      case WRITING -> {}
      case FAILED ->
          throw new StorageException(
              Reason.UNAVAILABLE, location, "An earlier write failed, the file can only be closed");
      case COMMITTED, CLOSED ->
          throw new IllegalStateException(
              "The writer is %s: %s"
                  .formatted(state == State.COMMITTED ? "committed" : "closed", location));
    }
  }

  /** Notes that the file is broken, and sorts the failure. */
  IOException failed(IOException failure, String tried) {
    state = State.FAILED;
    return FileErrors.sorted(failure, location, tried);
  }

  /** Forces the data to stable storage; from now on, a commit forces itself as well. */
  void force() throws IOException {
    channel.force(true);
    synced = true;
  }

  /** Whether {@link #force} was called. */
  boolean isSynced() {
    return synced;
  }

  /** Closes the file and gives it its name. */
  void commit() throws IOException {
    try {
      // Before the rename: closing may report a failed write (NFS does).
      channel.close();
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
      if (synced) {
        forceFolders();
      }
    } catch (IOException e) {
      throw failed(e, "Cannot commit");
    }
    state = State.COMMITTED;
  }

  /** Forces the names of the file and of the folders that were made for it. */
  private void forceFolders() throws IOException {
    Path folder = folder().toAbsolutePath();
    force(folder);
    while (!folder.equals(existing) && folder.getParent() != null) {
      folder = folder.getParent();
      force(folder);
    }
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, FOLDER, NO_ATTRIBUTES)) {
      channel.force(true);
    }
  }

  /** Removes the file unless it is committed. */
  @Override
  public void close() throws IOException {
    if (state == State.COMMITTED || state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    try (channel) {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      throw FileErrors.sorted(e, location, "Cannot remove the uncommitted file");
    }
  }
}
