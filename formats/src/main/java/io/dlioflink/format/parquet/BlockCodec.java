/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.xerial.snappy.Snappy;

/** Codecs that work on whole pages in memory: LZ4_RAW and SNAPPY. Direct buffers. */
enum BlockCodec {
  LZ4(256) {
    @Override
    int maxCompressedBytes(int bytes) {
      return Lz4.COMPRESSOR.maxCompressedLength(bytes);
    }

    @Override
    int compress(ByteBuffer source, ByteBuffer target) {
      return Lz4.COMPRESSOR.compress(
          source, source.position(), source.remaining(), target, 0, target.capacity());
    }

    @Override
    int decompress(ByteBuffer source, ByteBuffer target) throws IOException {
      try {
        return Lz4.DECOMPRESSOR.decompress(
            source, source.position(), source.remaining(), target, 0, target.limit());
      } catch (LZ4Exception e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  },

  SNAPPY(64) {
    @Override
    int maxCompressedBytes(int bytes) {
      return Snappy.maxCompressedLength(bytes);
    }

    @Override
    int compress(ByteBuffer source, ByteBuffer target) throws IOException {
      return Snappy.compress(source, target.clear());
    }

    @Override
    int decompress(ByteBuffer source, ByteBuffer target) throws IOException {
      int bytes = Snappy.uncompressedLength(source);
      if (bytes != target.limit()) {
        throw new IOException("%d bytes announced".formatted(bytes));
      }
      return Snappy.uncompress(source, target);
    }
  };

  /** The largest page, uncompressed, that is held in memory. */
  static final int MAX_PAGE_BYTES = 64 << 20;

  private final int maxRatio;

  BlockCodec(int maxRatio) {
    this.maxRatio = maxRatio;
  }

  /** Whether compressed bytes can stand for so many; no codec shrinks without limit. */
  boolean canHold(int compressedBytes, int bytes) {
    return bytes <= (long) maxRatio * (compressedBytes + 1L);
  }

  /** Room that compressed bytes need at most. */
  abstract int maxCompressedBytes(int bytes);

  /**
   * Compresses a page.
   *
   * @param source from position to limit
   * @param target written from its start
   * @return bytes written
   */
  abstract int compress(ByteBuffer source, ByteBuffer target) throws IOException;

  /**
   * Decompresses a page.
   *
   * @param source from position to limit
   * @param target written from its start; its limit is the length expected
   * @return bytes written
   * @throws IOException if the source is no such data
   */
  abstract int decompress(ByteBuffer source, ByteBuffer target) throws IOException;

  /** Loads the native library when it is first needed. */
  private static final class Lz4 {
    static final LZ4Compressor COMPRESSOR = LZ4Factory.fastestInstance().fastCompressor();
    static final LZ4SafeDecompressor DECOMPRESSOR = LZ4Factory.fastestInstance().safeDecompressor();
  }
}
