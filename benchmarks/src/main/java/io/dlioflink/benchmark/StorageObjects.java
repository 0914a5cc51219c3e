/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.storage.Storages;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Moves objects as a job does. */
final class StorageObjects implements ObjectClient {
  private final Location folder;
  private final Storage storage;
  private final boolean copies;

  /**
   * Opens the storage.
   *
   * @param copies whether the content of an object is in the caller's buffer, as with other
   *     clients, and not in memory that the storage lends for it to be made in, as encoders do
   */
  StorageObjects(Location folder, StorageOptions options, boolean copies) throws IOException {
    this.folder = folder;
    this.storage = Storages.open(folder, options);
    this.copies = copies;
  }

  @Override
  public void get(String name, long bytes, ByteBuffer buffer) throws IOException {
    try (StorageReader reader = storage.openReader(folder.child(name))) {
      for (long position = 0; position < bytes; ) {
        position += reader.read(position, buffer.clear());
      }
    }
  }

  @Override
  public void put(String name, long bytes, ByteBuffer buffer) throws IOException {
    try (StorageWriter writer = storage.openWriter(folder.child(name))) {
      for (long left = bytes; left > 0; ) {
        ByteBuffer piece = copies ? buffer : writer.lend().orElse(buffer);
        left -= piece.clear().limit((int) Math.min(left, piece.capacity())).remaining();
        writer.write(piece);
      }
      writer.commit();
    }
  }

  @Override
  public void close() throws IOException {
    storage.close();
  }
}
