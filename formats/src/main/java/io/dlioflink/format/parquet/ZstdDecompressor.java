/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Codec ZSTD: one or more Zstandard frames. */
final class ZstdDecompressor implements Decompressor {
  private static final int BUFFER_BYTES = 1 << 17;

  /** What every decoder should support, says RFC 8878. */
  private static final int MIN_WINDOW_LOG = 23;

  private static final int MAX_WINDOW_LOG = 27;

  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private final Optional<ByteBuffer> output =
      Optional.of(ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN));
  private ByteBuffer input = ByteBuffer.allocateDirect(0);
  private StoredBytes stored;
  private boolean inFrame;
  private boolean moreBuffered;

  @Override
  public void start(StoredBytes from, int bytes) {
    stored = from;
    input = input.slice(0, 0);
    inFrame = false;
    moreBuffered = false;
    context.reset();
    // The memory that a frame asks for is bounded by what it may hold.
    int needed = Integer.SIZE - Integer.numberOfLeadingZeros(bytes);
    context.setLongMax(Math.min(Math.max(needed, MIN_WINDOW_LOG), MAX_WINDOW_LOG));
  }

  @Override
  public Optional<ByteBuffer> next() throws IOException {
    ByteBuffer bytes = output.orElseThrow().clear();
    while (bytes.hasRemaining()) {
      if (!input.hasRemaining() && stored.left() > 0) {
        input = stored.next(stored.left());
      }
      if (!input.hasRemaining() && !moreBuffered) {
        break;
      }
      int before = bytes.position();
      int inputBefore = input.position();
      try {
        inFrame = !context.decompressDirectByteBufferStream(bytes, input);
      } catch (ZstdException e) {
        throw stored.broken("zstd data of a page: " + e.getMessage());
      }
      moreBuffered = inFrame && !bytes.hasRemaining();
      if (bytes.position() == before && input.position() == inputBefore) {
        break;
      }
    }
    if (bytes.position() > 0) {
      bytes.flip();
      return output;
    }
    if (inFrame || input.hasRemaining()) {
      throw stored.broken("zstd data of a page does not come to its end");
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    context.close();
  }
}
