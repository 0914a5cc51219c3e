/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.FileFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * A dataset that is there without being stored: names follow from the layout, and every file reads
 * like the first one, which is encoded once and kept in memory. So a read costs a copy from memory
 * and no system call. What is written goes to the storage below.
 *
 * <p>All files must have one size: a dataset with drawn sizes is refused.
 */
final class DerivedDataset implements Storage {
  private final Storage below;
  private final DatasetLayout layout;
  private final Location root;
  private final int rootPrefixLength;
  private final EncodedFile file;
  private final LongAdder read = new LongAdder();

  /** Derives a dataset in a folder. */
  DerivedDataset(Storage below, DatasetConfig dataset, Location root) throws IOException {
    if (dataset.recordDims().isEmpty()
        && dataset.recordLengthBytesStdev() != 0
        && dataset.format() != FileFormat.SYNTHETIC) {
      throw new StorageException(
          Reason.UNSUPPORTED,
          root,
          "Files of different sizes cannot be derived; set dataset.record_length_bytes_stdev: 0 or"
              + " dataset.format: synthetic");
    }
    this.below = below;
    this.layout = DatasetLayout.of(dataset);
    this.root = root;
    this.rootPrefixLength = root.child("x").path().length() - 1;
    this.file = EncodedFile.first(dataset, root);
  }

  /** What stands at a place; null if nothing does. */
  private ByteBuffer bytes(Location location) {
    String relative =
        location.path().substring(Math.min(rootPrefixLength, location.path().length()));
    for (DatasetPart part : DatasetPart.values()) {
      OptionalLong index = layout.indexOf(part, relative);
      if (index.isPresent()) {
        return file.data(layout.fileNumber(part, index.getAsLong()));
      }
    }
    return file.companion(relative).orElse(null);
  }

  @Override
  public Optional<StorageEntry> stat(Location location) {
    ByteBuffer bytes = bytes(location);
    return bytes == null
        ? Optional.empty()
        : Optional.of(new StorageEntry(location, bytes.remaining()));
  }

  /** The data files below the folder, without their companions. */
  @Override
  public StorageListing list(Location folder) {
    String prefix = folder.path().isEmpty() ? "" : folder.path() + "/";
    return new StorageListing() {
      private long next;

      @Override
      public Optional<StorageEntry> next() {
        while (next < layout.totalFiles()) {
          long number = next++;
          Location location = root.child(path(number));
          if (location.path().startsWith(prefix)) {
            return Optional.of(new StorageEntry(location, file.data(number).remaining()));
          }
        }
        return Optional.empty();
      }

      @Override
      public void close() {}
    };
  }

  private String path(long number) {
    long train = layout.fileCount(DatasetPart.TRAIN);
    return number < train
        ? layout.relativePath(DatasetPart.TRAIN, number)
        : layout.relativePath(DatasetPart.VALID, number - train);
  }

  @Override
  public StorageReader openReader(Location location) throws IOException {
    ByteBuffer bytes = bytes(location);
    return bytes == null ? below.openReader(location) : new Reader(bytes, read);
  }

  @Override
  public StorageWriter openWriter(Location location) throws IOException {
    return below.openWriter(location);
  }

  @Override
  public void delete(Location location) throws IOException {
    below.delete(location);
  }

  @Override
  public long removeAbandonedWrites(Location folder) throws IOException {
    return below.removeAbandonedWrites(folder);
  }

  @Override
  public IoCounts ioCounts() {
    return below.ioCounts().plus(new IoCounts(read.sum(), 0, 0, 0, 0, 0));
  }

  @Override
  public void close() throws IOException {
    below.close();
  }

  private record Reader(ByteBuffer bytes, LongAdder read) implements StorageReader {
    @Override
    public int read(long position, ByteBuffer target) {
      long left = bytes.remaining() - position;
      if (left <= 0 && target.hasRemaining()) {
        return -1;
      }
      int length = (int) Math.min(target.remaining(), Math.max(0, left));
      target.put(target.position(), bytes, (int) position, length);
      target.position(target.position() + length);
      read.add(length);
      return length;
    }

    @Override
    public long lengthBytes() {
      return bytes.remaining();
    }

    @Override
    public void close() {
      // Memory belongs to the dataset.
    }
  }
}
