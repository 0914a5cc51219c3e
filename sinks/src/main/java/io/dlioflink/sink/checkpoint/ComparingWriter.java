/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** Compares what is written to it with a file that is there. */
final class ComparingWriter implements StorageWriter {
  private final StorageReader reader;
  private final ByteBuffer found = ByteBuffer.allocateDirect(1 << 16);
  private long position;
  private long difference = -1;

  ComparingWriter(StorageReader reader) {
    this.reader = reader;
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    while (source.hasRemaining() && difference < 0) {
      int piece = Math.min(source.remaining(), found.capacity());
      reader.read(position, found.clear().limit(piece));
      found.flip();
      int at = source.slice(source.position(), piece).mismatch(found);
      if (at >= 0) {
        difference = position + at;
      }
      source.position(source.position() + piece);
      position += piece;
    }
    source.position(source.limit());
  }

  /** Offset of the first byte that differs; empty if none does. */
  OptionalLong difference() {
    return difference < 0 ? OptionalLong.empty() : OptionalLong.of(difference);
  }

  @Override
  public void sync() {
    // Nothing is stored.
  }

  @Override
  public void commit() {
    // Nothing is stored.
  }

  @Override
  public void close() {
    // The reader is its owner's.
  }
}
