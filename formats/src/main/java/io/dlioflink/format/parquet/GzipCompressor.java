/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Codec GZIP: one gzip member per page, without time or name; source: RFC 1952. */
final class GzipCompressor implements Compressor {
  /** Magic, method deflate, no flags, no time, no extra flags, unknown system. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private static final int BUFFER_BYTES = 1 << 16;

  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final CRC32 crc = new CRC32();
  private final ByteBuffer nothing = ByteBuffer.allocateDirect(0);
  private final ByteBuffer output =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  @Override
  public void start(int level, int bytes) {
    deflater.reset();
    deflater.setLevel(level);
    crc.reset();
    output.clear().put(HEADER);
  }

  @Override
  public void add(ByteBuffer bytes, PageBody.Consumer compressed) throws IOException {
    crc.update(bytes.duplicate());
    deflater.setInput(bytes);
    while (!deflater.needsInput()) {
      step(compressed);
    }
    // The deflater holds on to the buffer, which will be filled again.
    deflater.setInput(nothing);
  }

  @Override
  public void finish(PageBody.Consumer compressed) throws IOException {
    deflater.finish();
    while (!deflater.finished()) {
      step(compressed);
    }
    if (output.remaining() < 2 * Integer.BYTES) {
      flush(compressed);
    }
    output.putInt((int) crc.getValue()).putInt((int) deflater.getBytesRead());
    flush(compressed);
  }

  private void step(PageBody.Consumer compressed) throws IOException {
    deflater.deflate(output);
    if (!output.hasRemaining()) {
      flush(compressed);
    }
  }

  private void flush(PageBody.Consumer compressed) throws IOException {
    compressed.accept(output.flip());
    output.clear();
  }

  @Override
  public void close() {
    deflater.end();
  }
}
