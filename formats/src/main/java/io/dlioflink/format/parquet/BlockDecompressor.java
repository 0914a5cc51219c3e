/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import io.dlioflink.format.UnsupportedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Decompresses a page at once, in buffers that have grown to the largest page met. */
final class BlockDecompressor implements Decompressor {
  private final BlockCodec codec;
  private ByteBuffer compressed = allocate(0);
  private ByteBuffer output = allocate(0);
  private StoredBytes stored;
  private int bytes;
  private boolean done;

  BlockDecompressor(BlockCodec codec) {
    this.codec = codec;
  }

  static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void start(StoredBytes from, int uncompressedBytes) throws IOException {
    stored = from;
    bytes = uncompressedBytes;
    done = false;
    if (bytes > BlockCodec.MAX_PAGE_BYTES) {
      throw new UnsupportedFileException(
          from.input().location(),
          from.input().position(),
          "a page of %d bytes in %s, at most %d are read"
              .formatted(bytes, codec, BlockCodec.MAX_PAGE_BYTES));
    }
    if (!codec.canHold(from.left(), bytes) || from.left() > codec.maxCompressedBytes(bytes)) {
      throw from.broken(
          "%d bytes of %s cannot stand for the %d of the page"
              .formatted(from.left(), codec, bytes));
    }
  }

  @Override
  public Optional<ByteBuffer> next() throws IOException {
    if (done) {
      return Optional.empty();
    }
    done = true;
    if (bytes > output.capacity()) {
      output = allocate(bytes);
    }
    output.clear().limit(bytes);
    int produced;
    ByteBuffer source = gather();
    try {
      produced = codec.decompress(source, output);
    } catch (IOException e) {
      throw stored.broken(
          "%s data of a page of %d bytes: %s".formatted(codec, bytes, e.getMessage()));
    }
    output.limit(produced).position(0);
    return produced == 0 ? Optional.empty() : Optional.of(output);
  }

  /** All compressed bytes of the page, in place if they are at hand. */
  private ByteBuffer gather() throws IOException {
    if (stored.left() == 0) {
      return compressed.clear().limit(0);
    }
    ByteBuffer piece = stored.next(stored.left());
    if (stored.left() == 0) {
      return piece;
    }
    int length = piece.remaining() + stored.left();
    if (length > compressed.capacity()) {
      compressed = allocate(length);
    }
    compressed.clear().put(piece);
    while (stored.left() > 0) {
      compressed.put(stored.next(stored.left()));
    }
    return compressed.flip();
  }

  @Override
  public void close() {
    compressed = allocate(0);
    output = allocate(0);
  }
}
