/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Holds the one file written last. */
final class MemoryStorage implements Storage {
  private ByteBuffer bytes = ByteBuffer.allocateDirect(0);

  @Override
  public StorageReader openReader(Location file) {
    return new Reader(bytes);
  }

  @Override
  public StorageWriter openWriter(Location file) {
    bytes = ByteBuffer.allocateDirect(0);
    return new Writer();
  }

  @Override
  public Optional<StorageEntry> stat(Location file) {
    return Optional.of(new StorageEntry(file, bytes.capacity()));
  }

  @Override
  public StorageListing list(Location folder) {
    return new StorageListing() {
      @Override
      public Optional<StorageEntry> next() {
        return Optional.empty();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void delete(Location file) {
    bytes = ByteBuffer.allocateDirect(0);
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
  public void close() {}

  private record Reader(ByteBuffer bytes) implements StorageReader {
    @Override
    public int read(long position, ByteBuffer target) {
      int length = (int) Math.min(target.remaining(), bytes.capacity() - position);
      if (length <= 0) {
        return -1;
      }
      target.put(target.position(), bytes, (int) position, length);
      target.position(target.position() + length);
      return length;
    }

    @Override
    public long lengthBytes() {
      return bytes.capacity();
    }

    @Override
    public void close() {}
  }

  private final class Writer implements StorageWriter {
    @Override
    public void write(ByteBuffer source) {
      ByteBuffer longer = ByteBuffer.allocateDirect(bytes.capacity() + source.remaining());
      longer.put(bytes.rewind()).put(source);
      bytes = longer.clear();
    }

    @Override
    public void sync() {}

    @Override
    public void commit() {}

    @Override
    public void close() {}
  }
}
