/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Optional;
import java.util.Set;

/** Files through the page cache. */
final class PosixStorage implements Storage {
  private static final FileAttribute<?>[] NO_ATTRIBUTES = {};
  private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ);
  private static final Set<OpenOption> CREATE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private final TransferCounts counts = new TransferCounts();

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
    try {
      return new Reader(file, FileChannel.open(LocalFiles.path(file), READ, NO_ATTRIBUTES), counts);
    } catch (IOException e) {
      throw FileErrors.sorted(e, file, "Cannot open");
    }
  }

  @Override
  public StorageWriter openWriter(Location file) throws IOException {
    return new Writer(AtomicFile.create(file, CREATE), counts);
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
  public IoCounts ioCounts() {
    return counts.snapshot();
  }

  @Override
  public void close() {}

  private record Reader(Location location, FileChannel channel, TransferCounts counts)
      implements StorageReader {
    @Override
    public int read(long position, ByteBuffer target) throws IOException {
      try {
        // One request: the kernel reads a regular file short only at its end.
        int read = channel.read(target, position);
        counts.addBufferedRead(Math.max(read, 0));
        return read;
      } catch (IOException e) {
        throw FileErrors.sorted(e, location, "Cannot read at byte " + position);
      }
    }

    @Override
    public long lengthBytes() throws IOException {
      try {
        return channel.size();
      } catch (IOException e) {
        throw FileErrors.sorted(e, location, "Cannot get the size");
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private static final class Writer implements StorageWriter {
    private final AtomicFile file;
    private final TransferCounts counts;
    private boolean dirty;

    Writer(AtomicFile file, TransferCounts counts) {
      this.file = file;
      this.counts = counts;
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
      file.requireWriting();
      try {
        dirty |= source.hasRemaining();
        while (source.hasRemaining()) {
          counts.addBufferedWritten(file.channel().write(source));
        }
      } catch (IOException e) {
        throw file.failed(e, "Cannot write");
      }
    }

    @Override
    public void sync() throws IOException {
      file.requireWriting();
      try {
        file.force();
        dirty = false;
      } catch (IOException e) {
        throw file.failed(e, "Cannot sync");
      }
    }

    @Override
    public void commit() throws IOException {
      file.requireWriting();
      if (dirty && file.isSynced()) {
        sync();
      }
      file.commit();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
