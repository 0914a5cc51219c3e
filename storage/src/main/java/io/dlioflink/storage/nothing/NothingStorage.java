/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.nothing;

import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Takes every file and keeps none: what was written is counted and gone. For runs that measure
 * everything but a storage. Datasets that are read from it are derived by the formats, which know
 * what stands in a file.
 */
final class NothingStorage implements Storage {
  private final LongAdder written = new LongAdder();

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
  public Optional<StorageEntry> stat(Location file) {
    return Optional.empty();
  }

  @Override
  public StorageReader openReader(Location file) throws StorageException {
    throw new StorageException(Reason.MISSING, file, "Nothing is kept here");
  }

  @Override
  public StorageWriter openWriter(Location file) {
    return new Writer();
  }

  @Override
  public void delete(Location file) {
    // It does not exist, which is no error.
  }

  @Override
  public long removeAbandonedWrites(Location folder) {
    return 0;
  }

  @Override
  public IoCounts ioCounts() {
    return new IoCounts(0, 0, 0, written.sum(), 0, 0);
  }

  @Override
  public void close() {
    // Nothing is held.
  }

  private final class Writer implements StorageWriter {
    @Override
    public void write(ByteBuffer source) {
      written.add(source.remaining());
      source.position(source.limit());
    }

    @Override
    public void sync() {
      // There is nothing to force.
    }

    @Override
    public void commit() {
      // The file has gone already.
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
