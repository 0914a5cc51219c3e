/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import io.dlioflink.storage.StorageWriter;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes whole blocks past the page cache: large aligned runs straight from the caller's buffer,
 * the rest through an aligned buffer of ours. The last block is padded, then the file is cut to its
 * length. Not thread-safe.
 */
final class DirectWriter implements StorageWriter {
  /** Shorter runs are collected: a copy costs less than a request. */
  private static final int MIN_STRAIGHT_BYTES = 256 * 1024;

  private final AtomicFile file;
  private final int alignmentBytes;
  private final AlignedBuffers buffers;
  private final TransferCounts counts;

  /** Bytes not yet written, from its start; they belong at {@link #flushedBytes}. */
  private ByteBuffer pending;

  /** Whole blocks written; always aligned. */
  private long flushedBytes;

  /** Bytes of the file that were counted, with those of a padded tail. */
  private long countedBytes;

  /** Whether stable storage lacks something, or the file ends in padding. */
  private boolean dirty;

  DirectWriter(AtomicFile file, int alignmentBytes, AlignedBuffers buffers, TransferCounts counts) {
    this.file = file;
    this.alignmentBytes = alignmentBytes;
    this.buffers = buffers;
    this.counts = counts;
    this.pending = buffers.take(alignmentBytes);
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    file.requireWriting();
    try {
      dirty |= source.hasRemaining();
      while (source.hasRemaining()) {
        if (pending.position() == 0 && isStraight(source)) {
          writeStraight(source);
        } else {
          collect(source);
        }
      }
    } catch (IOException e) {
      throw file.failed(e, "Cannot write");
    }
  }

  private boolean isStraight(ByteBuffer source) {
    return source.isDirect()
        && source.remaining() >= Math.max(MIN_STRAIGHT_BYTES, alignmentBytes)
        && source.alignmentOffset(source.position(), alignmentBytes) == 0;
  }

  private void writeStraight(ByteBuffer source) throws IOException {
    int end = source.limit();
    source.limit(source.position() + (source.remaining() & -alignmentBytes));
    try {
      writeBlocks(source);
    } finally {
      source.limit(end);
    }
  }

  private void collect(ByteBuffer source) throws IOException {
    int piece = Math.min(source.remaining(), pending.remaining());
    pending.put(pending.position(), source, source.position(), piece);
    pending.position(pending.position() + piece);
    source.position(source.position() + piece);
    if (!pending.hasRemaining()) {
      writeBlocks(pending.flip());
      pending.clear();
    }
  }

  private void writeBlocks(ByteBuffer blocks) throws IOException {
    while (blocks.hasRemaining()) {
      flushedBytes += file.channel().write(blocks, flushedBytes);
      count(flushedBytes);
    }
  }

  private void count(long writtenBytes) {
    if (writtenBytes > countedBytes) {
      counts.addDirectWritten(writtenBytes - countedBytes);
      countedBytes = writtenBytes;
    }
  }

  /** Writes what is pending, whole blocks for good, a tail with padding that is cut off again. */
  private void flush() throws IOException {
    int wholeBytes = pending.position() & -alignmentBytes;
    int tailBytes = pending.position() - wholeBytes;
    if (wholeBytes > 0 || tailBytes > 0) {
      int paddedBytes = wholeBytes + (tailBytes == 0 ? 0 : alignmentBytes);
      for (int i = pending.position(); i < paddedBytes; i++) {
        pending.put(i, (byte) 0);
      }
      ByteBuffer blocks = pending.duplicate().position(0).limit(paddedBytes);
      while (blocks.hasRemaining()) {
        int at = blocks.position();
        file.channel().write(blocks, flushedBytes + at);
      }
      pending.limit(pending.position()).position(wholeBytes);
      pending.compact();
      flushedBytes += wholeBytes;
      if (tailBytes > 0) {
        file.channel().truncate(flushedBytes + tailBytes);
      }
      count(flushedBytes + tailBytes);
    }
  }

  @Override
  public void sync() throws IOException {
    file.requireWriting();
    try {
      flush();
      file.force();
      dirty = false;
    } catch (IOException e) {
      throw file.failed(e, "Cannot sync");
    }
  }

  @Override
  public void commit() throws IOException {
    file.requireWriting();
    try {
      if (dirty) {
        flush();
        if (file.isSynced()) {
          file.force();
        }
      }
    } catch (IOException e) {
      throw file.failed(e, "Cannot write");
    }
    file.commit();
  }

  @Override
  public void close() throws IOException {
    if (pending != null) {
      buffers.give(pending);
      pending = null;
    }
    file.close();
  }
}
