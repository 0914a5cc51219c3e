/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.dlioflink.workload.Compression;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Deflater;

/** Makes and compresses chunks: gzip piece by piece, LZF as a whole. */
final class ChunkCompressor {
  private static final int PIECE_BYTES = 1 << 16;

  private final ByteBuffer piece =
      ByteBuffer.allocateDirect(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final byte[] deflated = new byte[PIECE_BYTES];
  private CreationProperties properties;
  private Deflater deflater;
  private Lzf lzf;
  private byte[] chunk = new byte[0];
  private byte[] packed = new byte[0];
  private boolean compressed;

  /** Takes what stands in an array before it is used again. */
  @FunctionalInterface
  interface Sink {
    void put(byte[] bytes, int length) throws IOException;
  }

  void start(CreationProperties next) {
    properties = next;
    if (next.compression() == Compression.GZIP) {
      if (deflater == null) {
        deflater = new Deflater();
      }
      deflater.setLevel(next.level());
    } else {
      if (next.chunkBytes() > Limits.BUFFERED_CHUNK_BYTES) {
        throw new IllegalArgumentException(
            "dataset.hdf5.chunk_dims=%s: LZF of chunks of %d bytes; at most %d are written"
                .formatted(next.chunkDims(), next.chunkBytes(), Limits.BUFFERED_CHUNK_BYTES));
      }
      if (lzf == null) {
        lzf = new Lzf();
      }
      if (chunk.length < next.chunkBytes()) {
        chunk = new byte[next.chunkBytes()];
        packed = new byte[next.chunkBytes()];
      }
    }
  }

  /**
   * Compresses the chunk the content is turned to.
   *
   * @return bytes put to the sink
   */
  int compress(ChunkContent content, Sink sink) throws IOException {
    return properties.compression() == Compression.GZIP
        ? deflate(content, sink)
        : lzf(content, sink);
  }

  /** Whether the last chunk became smaller; otherwise it was put as it is. */
  boolean compressed() {
    return compressed;
  }

  private int deflate(ChunkContent content, Sink sink) throws IOException {
    compressed = true;
    deflater.reset();
    int chunkBytes = properties.chunkBytes();
    for (int done = 0; done < chunkBytes; done += piece.limit()) {
      fillPiece(content, done);
      deflater.setInput(piece);
      drain(sink);
    }
    deflater.finish();
    drain(sink);
    return Math.toIntExact(deflater.getBytesWritten());
  }

  private void drain(Sink sink) throws IOException {
    while (!deflater.finished()) {
      int bytes = deflater.deflate(deflated);
      if (bytes > 0) {
        sink.put(deflated, bytes);
      } else if (deflater.needsInput()) {
        // Nothing made does not mean nothing left: a change of level comes first.
        return;
      }
    }
  }

  private int lzf(ChunkContent content, Sink sink) throws IOException {
    int chunkBytes = properties.chunkBytes();
    for (int done = 0; done < chunkBytes; done += piece.limit()) {
      fillPiece(content, done);
      piece.get(chunk, done, piece.limit());
    }
    int bytes = lzf.compress(chunk, chunkBytes, packed, chunkBytes - 1);
    compressed = bytes >= 0;
    if (!compressed) {
      sink.put(chunk, chunkBytes);
      return chunkBytes;
    }
    sink.put(packed, bytes);
    return bytes;
  }

  private void fillPiece(ChunkContent content, int offset) {
    piece.clear().limit(Math.min(PIECE_BYTES, properties.chunkBytes() - offset));
    content.fill(offset, piece);
    piece.flip();
  }

  void close() {
    if (deflater != null) {
      deflater.end();
      deflater = null;
    }
  }
}
