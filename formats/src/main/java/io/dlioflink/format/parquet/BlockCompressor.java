/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Compresses a page at once, in buffers that have grown to the largest page met. */
final class BlockCompressor implements Compressor {
  private final BlockCodec codec;
  private ByteBuffer page = BlockDecompressor.allocate(0);
  private ByteBuffer output = BlockDecompressor.allocate(0);

  BlockCompressor(BlockCodec codec) {
    this.codec = codec;
  }

  @Override
  public void start(int level, int bytes) {
    if (bytes > page.capacity()) {
      page = BlockDecompressor.allocate(bytes);
      output = BlockDecompressor.allocate(codec.maxCompressedBytes(bytes));
    }
    page.clear();
  }

  @Override
  public void add(ByteBuffer bytes, PageBody.Consumer compressed) {
    page.put(bytes);
  }

  @Override
  public void finish(PageBody.Consumer compressed) throws IOException {
    int length = codec.compress(page.flip(), output.clear());
    compressed.accept(output.position(0).limit(length));
  }

  @Override
  public void close() {
    page = BlockDecompressor.allocate(0);
    output = BlockDecompressor.allocate(0);
  }
}
