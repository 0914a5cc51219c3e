/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Files in memory: a storage double for tests of formats. */
public class MemoryStorage implements Storage {
  private final Map<String, byte[]> files = new ConcurrentSkipListMap<>();

  /** The location of a name. */
  public static Location location(String name) {
    return new Location("memory", "", name);
  }

  /** A dataset file of a name. */
  public static DatasetFile file(String name) {
    return new DatasetFile(location(""), name);
  }

  /** Encodes a dataset file under a name. */
  public DatasetFile encode(
      SampleFormat format,
      SampleFileEncoder encoder,
      FileSpec spec,
      SampleContent content,
      String name)
      throws IOException {
    DatasetFile file = file(name);
    try (StoredFileTarget target = new StoredFileTarget(this, file, format)) {
      encoder.encode(spec, content, target);
      target.commit();
    }
    return file;
  }

  /** Puts a file in place. */
  public Location put(String name, byte[] bytes) {
    files.put(name, bytes);
    return location(name);
  }

  /** The bytes of a file. */
  public byte[] bytes(Location file) throws StorageException {
    byte[] bytes = files.get(file.path());
    if (bytes == null) {
      throw new StorageException(StorageException.Reason.MISSING, file, "No such file");
    }
    return bytes;
  }

  @Override
  public StorageListing list(Location folder) {
    Iterator<StorageEntry> entries =
        files.entrySet().stream()
            .filter(file -> file.getKey().startsWith(folder.path()))
            .map(file -> new StorageEntry(location(file.getKey()), file.getValue().length))
            .toList()
            .iterator();
    return new StorageListing() {
      @Override
      public Optional<StorageEntry> next() {
        return entries.hasNext() ? Optional.of(entries.next()) : Optional.empty();
      }

      @Override
      public void close() {
        // Nothing is held.
      }
    };
  }

  @Override
  public Optional<StorageEntry> stat(Location file) {
    return Optional.ofNullable(files.get(file.path()))
        .map(bytes -> new StorageEntry(file, bytes.length));
  }

  @Override
  public StorageReader openReader(Location file) throws StorageException {
    byte[] bytes = bytes(file);
    return new StorageReader() {
      @Override
      public int read(long position, ByteBuffer target) {
        if (position >= bytes.length) {
          return target.hasRemaining() ? -1 : 0;
        }
        int length = (int) Math.min(target.remaining(), bytes.length - position);
        target.put(bytes, (int) position, length);
        return length;
      }

      @Override
      public long lengthBytes() {
        return bytes.length;
      }

      @Override
      public void close() {
        // Nothing is held.
      }
    };
  }

  @Override
  public StorageWriter openWriter(Location file) {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    return new StorageWriter() {
      @Override
      public void write(ByteBuffer source) {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        written.writeBytes(bytes);
      }

      @Override
      public void sync() {
        // Memory is as stable as it gets.
      }

      @Override
      public void commit() {
        files.put(file.path(), written.toByteArray());
      }

      @Override
      public void close() {
        // Nothing is held.
      }
    };
  }

  @Override
  public void delete(Location file) {
    files.remove(file.path());
  }

  @Override
  public long removeAbandonedWrites(Location folder) {
    return 0;
  }

  @Override
  public IoCounts ioCounts() {
    return IoCounts.ZERO;
  }

  @Override
  public void close() {
    files.clear();
  }
}
