/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.dlioflink.format.MemoryStorage;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Files in memory that know which of their bytes were read. */
final class RangeRecordingStorage extends MemoryStorage {
  private final List<long[]> ranges = new ArrayList<>();

  void forgetRanges() {
    ranges.clear();
  }

  /** What was read, as {@code from:to;from:to}; what was read on from where it ended, as one. */
  String ranges() {
    return String.join(";", ranges.stream().map(r -> r[0] + ":" + r[1]).toList());
  }

  /** Bytes that were read. */
  long readBytes() {
    return ranges.stream().mapToLong(r -> r[1] - r[0]).sum();
  }

  @Override
  public StorageReader openReader(Location file) throws StorageException {
    StorageReader reader = super.openReader(file);
    return new StorageReader() {
      @Override
      public int read(long position, ByteBuffer target) throws IOException {
        int read = reader.read(position, target);
        if (read > 0) {
          record(position, position + read);
        }
        return read;
      }

      @Override
      public long lengthBytes() throws IOException {
        return reader.lengthBytes();
      }

      @Override
      public void close() throws IOException {
        reader.close();
      }
    };
  }

  private void record(long from, long to) {
    if (!ranges.isEmpty() && ranges.get(ranges.size() - 1)[1] == from) {
      ranges.get(ranges.size() - 1)[1] = to;
    } else {
      ranges.add(new long[] {from, to});
    }
  }
}
