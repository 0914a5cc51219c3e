/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A dataset file read through one reused direct buffer, in large aligned chunks: what decoders see
 * of storage. Front to back unless told otherwise; nothing is asked of storage before the first
 * byte is needed. Counts bytes and the time storage took. Holds the buffer of one thread; not
 * thread-safe.
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

  /** Null if no file is open. */
  private Storage storage;

  /** Null before the first byte is needed. */
  private StorageReader reader;

  private DatasetFile file;
  private Location location;

  /** Offset in the file of the byte behind the head room, and of the byte behind the chunk. */
  private long chunkStart;

  private long chunkEnd;

  /** Bytes of the head room that are bytes of the file. */
  private int headBytes;

  /** Bytes to be dropped from the next chunk: it has to start at an aligned place. */
  private int misalignedBytes;

  private long limit;
  private boolean endKnown;

  private long storageBytes;
  private long storageNanos;
  private long readNanos;

  /** By the monotonic clock: when the file was asked for; of use until its first byte is there. */
  private long openedAt;

  private boolean firstByteAwaited;
  private long opens;
  private long lastOpenNanos;
  private long lastFirstByteNanos;
  private long firstRequestOffset = -1;

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

  /** Starts with a file of a storage at its first byte. */
  public void open(Storage owner, DatasetFile next) {
    storage = owner;
    file = next;
    location = next.location();
    startAt(0, 0);
    limit = Long.MAX_VALUE;
  }

  /** Closes the file, if one is open; the buffer stays. */
  public void close() throws IOException {
    storage = null;
    if (reader != null) {
      StorageReader closing = reader;
      reader = null;
      long start = System.nanoTime();
      closing.close();
      storageNanos += System.nanoTime() - start;
    }
  }

  private StorageReader reader() throws IOException {
    if (reader == null) {
      if (storage == null) {
        throw new IllegalStateException("No file is open");
      }
      openedAt = System.nanoTime();
      reader = storage.openReader(location);
      lastOpenNanos = System.nanoTime() - openedAt;
      storageNanos += lastOpenNanos;
      firstByteAwaited = true;
    }
    return reader;
  }

  /** The file being read. */
  public DatasetFile file() {
    return file;
  }

  /** Where the file is. */
  public Location location() {
    return location;
  }

  /** The size of the file; may cost a request. */
  public long lengthBytes() throws IOException {
    StorageReader open = reader();
    long start = System.nanoTime();
    long length = open.lengthBytes();
    storageNanos += System.nanoTime() - start;
    return length;
  }

  /**
   * Reads a stretch of a companion of the file.
   *
   * @param path of the companion below the dataset folder
   * @param offset in the companion
   * @param target filled from its position
   * @return bytes read, fewer than asked for only at the end; -1 if the offset is at or past it
   * @throws StorageException with {@code MISSING} if there is none
   */
  public int readCompanion(String path, long offset, ByteBuffer target) throws IOException {
    long start = System.nanoTime();
    try (StorageReader companion = storage.openReader(file.root().child(path))) {
      int read = companion.read(offset, target);
      storageBytes += Math.max(read, 0);
      return read;
    } finally {
      storageNanos += System.nanoTime() - start;
    }
  }

  /**
   * Goes on at another place of the file. What stands in the buffer is used again.
   *
   * @param offset of the next byte
   * @param end the offset at which to behave as if the file ended; nothing behind it is read, but
   *     for what alignment asks for
   */
  public void seek(long offset, long end) {
    if (offset < 0 || end < offset) {
      throw new IllegalArgumentException("From %d to %d".formatted(offset, end));
    }
    limit = end;
    if (misalignedBytes == 0 && offset >= chunkStart - headBytes && offset <= chunkEnd) {
      long visibleEnd = Math.min(chunkEnd, limit);
      buffer.limit(MAX_REQUIRED_BYTES + (int) (visibleEnd - chunkStart));
      buffer.position(MAX_REQUIRED_BYTES + (int) (offset - chunkStart));
      return;
    }
    int alignment = storage == null ? 1 : storage.bufferAlignmentBytes();
    startAt(offset & -alignment, (int) (offset & (alignment - 1)));
  }

  private void startAt(long offset, int misaligned) {
    chunkStart = offset;
    chunkEnd = offset;
    headBytes = 0;
    misalignedBytes = misaligned;
    endKnown = false;
    buffer.limit(MAX_REQUIRED_BYTES).position(MAX_REQUIRED_BYTES);
  }

  /** Offset in the file of the next unread byte. */
  public long position() {
    return chunkStart + (buffer.position() - MAX_REQUIRED_BYTES) + misalignedBytes;
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
   * @return false at the end of the file, or of what {@link #seek} allowed
   */
  public boolean fill() throws IOException {
    if (endKnown || chunkEnd >= limit) {
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
    int wanted = (int) Math.min(chunkBytes, alignedUp(limit) - chunkEnd);
    chunk.limit(MAX_REQUIRED_BYTES + wanted).position(MAX_REQUIRED_BYTES);
    StorageReader open = reader();
    if (firstRequestOffset < 0) {
      firstRequestOffset = chunkEnd;
    }
    long start = System.nanoTime();
    int read = open.read(chunkEnd, chunk);
    long end = System.nanoTime();
    storageNanos += end - start;
    readNanos += end - start;
    if (firstByteAwaited) {
      firstByteAwaited = false;
      lastFirstByteNanos = end - openedAt;
      opens++;
    }
    chunkStart = chunkEnd;
    headBytes = left;
    if (read > 0) {
      chunkEnd += read;
      storageBytes += read;
    }
    // A short read of a StorageReader means the end: no further request is needed to learn it.
    endKnown = read < wanted;
    int visible = (int) (Math.min(chunkEnd, limit) - chunkStart);
    int skipped = Math.min(misalignedBytes, visible);
    misalignedBytes -= skipped;
    buffer.limit(MAX_REQUIRED_BYTES + visible).position(MAX_REQUIRED_BYTES - left + skipped);
    return visible > skipped;
  }

  private long alignedUp(long offset) {
    long alignment = storage.bufferAlignmentBytes();
    return offset > Long.MAX_VALUE - alignment ? offset : (offset + alignment - 1) & -alignment;
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

  /** Of {@link #storageNanos}, the time spent in reading files; companions are not in it. */
  public long readNanos() {
    return readNanos;
  }

  /** Files opened since the creation of this object whose first bytes have arrived. */
  public long opens() {
    return opens;
  }

  /** How long the storage took to open the last file of {@link #opens}. */
  public long lastOpenNanos() {
    return lastOpenNanos;
  }

  /** From asking for the last file of {@link #opens} until its first bytes were there. */
  public long lastFirstByteNanos() {
    return lastFirstByteNanos;
  }

  /** Forgets {@link #firstRequestOffset}. */
  public void forgetRequests() {
    firstRequestOffset = -1;
  }

  /** Offset of the first request to storage since {@link #forgetRequests}; -1 if none was made. */
  public long firstRequestOffset() {
    return firstRequestOffset;
  }
}
