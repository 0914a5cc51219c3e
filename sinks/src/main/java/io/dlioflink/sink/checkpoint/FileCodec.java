/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.dlioflink.workload.CheckpointCompression;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.xxhash.XXHashFactory;

/**
 * Frames of the standard tools {@code zstd}, {@code lz4} and {@code gzip}, all with a checksum of
 * the content.
 *
 * @param compression which
 * @param level its level; 0: the usual one
 */
record FileCodec(CheckpointCompression compression, int level) {
  private static final int GZIP_BUFFER_BYTES = 1 << 16;

  /** A stream that compresses; closing it ends the frame and closes the target. */
  OutputStream compressing(OutputStream target) throws IOException {
    int effective = compression.effectiveLevel(level);
    return switch (compression) {
      case NONE -> target;
      case ZSTD -> new ZstdOutputStreamNoFinalizer(target, effective).setChecksum(true);
      case LZ4 ->
          new LZ4FrameOutputStream(
              target,
              LZ4FrameOutputStream.BLOCKSIZE.SIZE_4MB,
              -1,
              lz4(effective),
              XXHashFactory.fastestInstance().hash32(),
              LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE,
              LZ4FrameOutputStream.FLG.Bits.CONTENT_CHECKSUM);
      case GZIP -> new LevelledGzip(target, effective);
    };
  }

  private static LZ4Compressor lz4(int level) {
    LZ4Factory factory = LZ4Factory.fastestInstance();
    return level <= 1 ? factory.fastCompressor() : factory.highCompressor(level);
  }

  /** A stream that decompresses. */
  InputStream decompressing(InputStream source) throws IOException {
    return switch (compression) {
      case NONE -> source;
      case ZSTD -> new ZstdInputStreamNoFinalizer(source);
      case LZ4 -> new LZ4FrameInputStream(source);
      case GZIP -> new GZIPInputStream(source, GZIP_BUFFER_BYTES);
    };
  }

  private static final class LevelledGzip extends GZIPOutputStream {
    LevelledGzip(OutputStream target, int level) throws IOException {
      super(target, GZIP_BUFFER_BYTES);
      def.setLevel(level);
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } finally {
        def.end();
      }
    }
  }
}
