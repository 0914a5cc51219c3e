/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import io.dlioflink.storage.StorageWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file that is compressed on its way to storage; counts what is stored. */
final class CodedWriter implements StorageWriter {
  private static final Logger LOG = LoggerFactory.getLogger(CodedWriter.class);
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int PAGE_BYTES = 4096;

  private final StorageWriter target;
  private final OutputStream coded;
  private final byte[] staging = new byte[1 << 16];
  private final ByteBuffer stored =
      ByteBuffer.allocateDirect(BUFFER_BYTES + PAGE_BYTES)
          .alignedSlice(PAGE_BYTES)
          .slice(0, BUFFER_BYTES);
  private long flushedBytes;
  private long storageNanos;
  private boolean finished;

  CodedWriter(FileCodec codec, StorageWriter target) throws IOException {
    this.target = target;
    this.coded = codec.compressing(new Stored());
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      int piece = Math.min(source.remaining(), staging.length);
      source.get(staging, 0, piece);
      coded.write(staging, 0, piece);
    }
  }

  /** Ends the frame; returns the bytes of the stored file. */
  long finish() throws IOException {
    if (!finished) {
      finished = true;
      coded.close();
      flush();
    }
    return flushedBytes;
  }

  private void flush() throws IOException {
    flushedBytes += stored.position();
    long start = System.nanoTime();
    target.write(stored.flip());
    storageNanos += System.nanoTime() - start;
    stored.clear();
  }

  /** Time storage took, without that of the codec. */
  long storageNanos() {
    return storageNanos;
  }

  @Override
  public void sync() throws IOException {
    target.sync();
  }

  @Override
  public void commit() throws IOException {
    target.commit();
  }

  /** Frees the codec; the frame of a file that failed stays without its end. */
  @Override
  public void close() throws IOException {
    if (!finished) {
      finished = true;
      try {
        coded.close();
      } catch (IOException e) {
        LOG.debug("A file that is dropped was not compressed to its end", e);
      }
    }
    target.close();
  }

  private final class Stored extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      if (!stored.hasRemaining()) {
        CodedWriter.this.flush();
      }
      stored.put((byte) b);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      int done = 0;
      while (done < count) {
        if (!stored.hasRemaining()) {
          CodedWriter.this.flush();
        }
        int piece = Math.min(count - done, stored.remaining());
        stored.put(bytes, from + done, piece);
        done += piece;
      }
    }
  }
}
