/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Codec ZSTD: one Zstandard frame per page. Level 0 is Zstandard's own default. */
final class ZstdCompressor implements Compressor {
  private static final int BUFFER_BYTES = 1 << 17;

  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private final ByteBuffer output = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final ByteBuffer nothing = ByteBuffer.allocateDirect(0);

  @Override
  public void start(int level, int bytes) {
    output.clear();
    context.reset();
    context.setLevel(level);
    context.setPledgedSrcSize(bytes);
  }

  @Override
  public void add(ByteBuffer bytes, PageBody.Consumer compressed) throws IOException {
    while (bytes.hasRemaining()) {
      context.compressDirectByteBufferStream(output, bytes, EndDirective.CONTINUE);
      flush(compressed);
    }
  }

  @Override
  public void finish(PageBody.Consumer compressed) throws IOException {
    boolean done = false;
    while (!done) {
      done = context.compressDirectByteBufferStream(output, nothing, EndDirective.END);
      flush(compressed);
    }
  }

  private void flush(PageBody.Consumer compressed) throws IOException {
    if (output.position() > 0) {
      compressed.accept(output.flip());
      output.clear();
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
