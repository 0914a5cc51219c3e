/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import com.sun.nio.file.ExtendedOpenOption;
import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Files past the page cache, with O_DIRECT. Never falls back to buffered I/O. */
final class DirectStorage implements Storage {
  /** What nearly every device and file system is content with. */
  static final int ALIGNMENT_BYTES = 4096;

  private static final int MAX_FOLDERS_KNOWN = 4096;
  private static final FileAttribute<?>[] NO_ATTRIBUTES = {};
  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, ExtendedOpenOption.DIRECT);
  private static final Set<OpenOption> CREATE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);

  private final TransferCounts counts = new TransferCounts();
  private final AlignedBuffers buffers = new AlignedBuffers();
  // Asking a file store for its block size costs more than reading a small file.
  private final ConcurrentHashMap<Path, Integer> alignmentByFolder = new ConcurrentHashMap<>();

  @Override
  public StorageListing list(Location folder) throws IOException {
    return LocalFiles.list(folder);
  }

  @Override
  public Optional<StorageEntry> stat(Location file) throws IOException {
    return LocalFiles.stat(file);
  }

  @Override
  public StorageReader openReader(Location file) throws IOException {
    Path path = LocalFiles.path(file);
    try {
      FileChannel channel = FileChannel.open(path, READ, NO_ATTRIBUTES);
      try {
        return new DirectReader(file, channel, alignment(folderOf(path)), buffers, counts);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      if (Files.isDirectory(path)) {
        throw new StorageException(Reason.MISSING, file, "Cannot open (Is a directory)", e);
      }
      throw unsupportedOr(e, file, folderOf(path), "Cannot open");
    } catch (UnsupportedOperationException e) {
      throw unsupported(file, folderOf(path), e);
    }
  }

  @Override
  public StorageWriter openWriter(Location file) throws IOException {
    AtomicFile created;
    try {
      created = AtomicFile.create(file, CREATE);
    } catch (IOException e) {
      throw unsupportedOr(e, file, folderOf(LocalFiles.path(file)), "Cannot create");
    } catch (UnsupportedOperationException e) {
      throw unsupported(file, folderOf(LocalFiles.path(file)), e);
    }
    try {
      return new DirectWriter(created, alignment(created.folder()), buffers, counts);
    } catch (IOException e) {
      created.close();
      throw FileErrors.sorted(e, file, "Cannot get the block size");
    }
  }

  @Override
  public void createFolder(Location folder) throws IOException {
    LocalFiles.createFolder(folder);
  }

  @Override
  public void delete(Location file) throws IOException {
    LocalFiles.delete(file);
  }

  @Override
  public long removeAbandonedWrites(Location folder) throws IOException {
    return LocalFiles.removeAbandonedWrites(folder);
  }

  @Override
  public int bufferAlignmentBytes() {
    return ALIGNMENT_BYTES;
  }

  @Override
  public IoCounts ioCounts() {
    return counts.snapshot();
  }

  @Override
  public void close() {}

  /** The JDK refuses requests that are not multiples of the block size of the file store. */
  private int alignment(Path folder) throws IOException {
    Integer known = alignmentByFolder.get(folder);
    if (known != null) {
      return known;
    }
    int found = Math.toIntExact(Files.getFileStore(folder).getBlockSize());
    int alignment = Math.max(ALIGNMENT_BYTES, found);
    if (alignmentByFolder.size() >= MAX_FOLDERS_KNOWN) {
      alignmentByFolder.clear();
    }
    alignmentByFolder.put(folder, alignment);
    return alignment;
  }

  private static Path folderOf(Path path) {
    Path parent = path.getParent();
    return parent == null ? Path.of("") : parent;
  }

  private static IOException unsupportedOr(
      IOException failure, Location file, Path folder, String tried) {
    IOException sorted = FileErrors.sorted(failure, file, tried);
    return sorted.getMessage() != null && sorted.getMessage().contains("(Invalid argument)")
        ? unsupported(file, folder, failure)
        : sorted;
  }

  private static StorageException unsupported(Location file, Path folder, Exception cause) {
    String type;
    try {
      type = Files.getFileStore(folder).type();
    } catch (IOException e) {
      type = "unknown";
    }
    return new StorageException(
        Reason.UNSUPPORTED,
        file,
        ("The file system here (%s) has no direct I/O (O_DIRECT); use file:// to go through the"
                + " page cache, or a folder on a disk file system such as ext4 or xfs")
            .formatted(type),
        cause);
  }
}
