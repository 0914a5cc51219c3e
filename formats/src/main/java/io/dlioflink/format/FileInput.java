/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A file read front to back through one reused direct buffer, in large aligned chunks: what
 * decoders see of storage. Counts bytes and the time storage took. Holds the buffer of one thread;
 * not thread-safe.
 *
 * <p>The buffer has head room in front of the chunk, so that bytes left over from one chunk can
 * stand before the next one without moving the (aligned) place that storage reads into.
 */
public final class FileInput {
  /** The longest run of bytes {@link #require} can make contiguous. */
  public static final int MAX_REQUIRED_BYTES = 64 * 1024;

  private static final int PAGE_BYTES = 4096;

  private final ByteBuffer buffer;
  private final ByteBuffer chunk;
  private final int chunkBytes;

  private StorageReader reader;
  private Location location;
  private long nextRead;
  private boolean ended;

  private long storageBytes;
  private long storageNanos;

  /**
   * Allocates the buffer.
   *
   * @param chunkBytes bytes per read request; rounded up to whole pages
   */
  public FileInput(int chunkBytes) {
    this.chunkBytes = Math.max(PAGE_BYTES, (chunkBytes + PAGE_BYTES - 1) & -PAGE_BYTES);
    ByteBuffer aligned =
        ByteBuffer.allocateDirect(MAX_REQUIRED_BYTES + this.chunkBytes + PAGE_BYTES)
            .alignedSlice(PAGE_BYTES);
    this.buffer = aligned.order(ByteOrder.LITTLE_ENDIAN);
    this.chunk = aligned.duplicate();
  }

  /** Opens a file of a storage at its first byte; the first {@link #fill} reads its first chunk. */
  public void open(Storage storage, Location file) throws IOException {
    location = file;
    nextRead = 0;
    ended = false;
    buffer.limit(MAX_REQUIRED_BYTES).position(MAX_REQUIRED_BYTES);
    long start = System.nanoTime();
    reader = storage.openReader(file);
    storageNanos += System.nanoTime() - start;
  }

  /** Closes the file, if one is open; the buffer stays. */
  public void close() throws IOException {
    if (reader != null) {
      StorageReader closing = reader;
      reader = null;
      long start = System.nanoTime();
      closing.close();
      storageNanos += System.nanoTime() - start;
    }
  }

  /** The file being read. */
  public Location location() {
    return location;
  }

  /** Offset in the file of the next unread byte. */
  public long position() {
    return nextRead - buffer.remaining();
  }

  /**
   * The bytes at hand, little-endian; the caller consumes by moving the position. May be empty;
   * then {@link #fill} brings more.
   */
  public ByteBuffer window() {
    return buffer;
  }

  /**
   * Reads the next chunk behind the bytes at hand, of which at most {@link #MAX_REQUIRED_BYTES} may
   * be left.
   *
   * @return false at the end of the file
   */
  public boolean fill() throws IOException {
    if (ended) {
      return false;
    }
    int left = buffer.remaining();
    if (left > MAX_REQUIRED_BYTES) {
      throw new IllegalStateException(left + " bytes unread");
    }
    if (left > 0) {
      ByteBuffer rest = buffer.duplicate();
      buffer.limit(buffer.capacity()).position(MAX_REQUIRED_BYTES - left);
      buffer.put(rest);
    }
    chunk.limit(MAX_REQUIRED_BYTES + chunkBytes).position(MAX_REQUIRED_BYTES);
    long start = System.nanoTime();
    int read = reader.read(nextRead, chunk);
    storageNanos += System.nanoTime() - start;
    if (read > 0) {
      nextRead += read;
      storageBytes += read;
    }
    // A short read of a StorageReader means the end: no further request is needed to learn it.
    ended = read < chunkBytes;
    buffer.limit(MAX_REQUIRED_BYTES + Math.max(read, 0)).position(MAX_REQUIRED_BYTES - left);
    return read > 0;
  }

  /**
   * Makes sure that a number of bytes stand contiguously in {@link #window}.
   *
   * @param what what they are, for the message
   * @throws BrokenFileException if the file ends before
   */
  public ByteBuffer require(int bytes, String what) throws IOException {
    if (bytes > MAX_REQUIRED_BYTES) {
      throw new IllegalArgumentException(bytes + " > " + MAX_REQUIRED_BYTES);
    }
    while (buffer.remaining() < bytes) {
      if (!fill()) {
        throw new BrokenFileException(
            location,
            position(),
            "%s needs %d bytes, the file ends after %d".formatted(what, bytes, buffer.remaining()));
      }
    }
    return buffer;
  }

  /** Takes the pieces of a run of bytes as they pass. */
  @FunctionalInterface
  public interface Piece {
    /** Consumes all remaining bytes of the piece. */
    void accept(ByteBuffer bytes) throws IOException;
  }

  /**
   * Passes the next bytes to a consumer, piece by piece, without copying.
   *
   * @param what what they are, for the message
   * @throws BrokenFileException if the file ends before
   */
  public void forEachPiece(long bytes, String what, Piece consumer) throws IOException {
    long left = bytes;
    while (left > 0) {
      if (!buffer.hasRemaining() && !fill()) {
        throw new BrokenFileException(
            location,
            position(),
            "%s has %d bytes, the file ends %d short of them".formatted(what, bytes, left));
      }
      int end = buffer.limit();
      int piece = (int) Math.min(left, buffer.remaining());
      buffer.limit(buffer.position() + piece);
      try {
        consumer.accept(buffer);
      } finally {
        buffer.limit(end);
      }
      left -= piece;
    }
  }

  /**
   * Passes over bytes without looking at them; they are read all the same.
   *
   * @param what what they are, for the message
   * @throws BrokenFileException if the file ends before
   */
  public void skip(long bytes, String what) throws IOException {
    forEachPiece(bytes, what, FileInput::drop);
  }

  private static void drop(ByteBuffer bytes) {
    bytes.position(bytes.limit());
  }

  /**
   * Checks that nothing follows.
   *
   * @param what what should have been the last, for the message
   * @throws BrokenFileException if something does; the message says how much
   */
  public void requireEnd(String what) throws IOException {
    if (!buffer.hasRemaining() && !fill()) {
      return;
    }
    long offset = position();
    long trailing = 0;
    do {
      trailing += buffer.remaining();
      drop(buffer);
    } while (fill());
    throw new BrokenFileException(
        location, offset, "%d bytes follow %s, expected none".formatted(trailing, what));
  }

  /** Bytes storage delivered since the creation of this object. */
  public long storageBytes() {
    return storageBytes;
  }

  /** Time spent in open, read and close since the creation of this object. */
  public long storageNanos() {
    return storageNanos;
  }
}
