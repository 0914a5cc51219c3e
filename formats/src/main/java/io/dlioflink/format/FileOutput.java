/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.storage.StorageWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A file written front to back: what encoders see of storage. The bytes are made in buffers that
 * the storage lends, or else in one reused direct buffer; then all pieces but the last are whole
 * buffers, aligned in memory and in the file, so that a storage can write them past the page cache
 * without a copy. Holds the buffer of one thread; not thread-safe.
 */
public final class FileOutput {
  private static final int PAGE_BYTES = 4096;

  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private final ByteBuffer own;
  private final ByteBuffer unit =
      ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private StorageWriter writer;
  private ByteBuffer buffer = NONE;
  private long flushedBytes;

  /**
   * Allocates the buffer.
   *
   * @param bufferBytes bytes per write request, unless the storage lends buffers; rounded up to
   *     whole pages
   */
  public FileOutput(int bufferBytes) {
    int whole = Math.max(PAGE_BYTES, (bufferBytes + PAGE_BYTES - 1) & -PAGE_BYTES);
    this.own =
        ByteBuffer.allocateDirect(whole + PAGE_BYTES)
            .alignedSlice(PAGE_BYTES)
            .slice(0, whole)
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Starts a file; what an earlier one left unwritten is dropped. */
  public void open(StorageWriter target) {
    writer = target;
    flushedBytes = 0;
    buffer = NONE;
  }

  /** Offset in the file of the next byte. */
  public long position() {
    return flushedBytes + buffer.position();
  }

  /**
   * Room for the next bytes, at least one, little-endian; the caller puts them and by that moves
   * the position. Writes the buffer out first if it is full.
   */
  public ByteBuffer window() throws IOException {
    if (!buffer.hasRemaining()) {
      flush();
      buffer = writer.lend().orElse(own).clear().order(ByteOrder.LITTLE_ENDIAN);
    }
    return buffer;
  }

  /** Appends bytes, across the end of the buffer if need be. */
  public void put(byte[] bytes) throws IOException {
    int done = 0;
    while (done < bytes.length) {
      ByteBuffer room = window();
      int piece = Math.min(bytes.length - done, room.remaining());
      room.put(bytes, done, piece);
      done += piece;
    }
  }

  /** Makes a stretch of a run of bytes. */
  @FunctionalInterface
  public interface Generator {
    /**
     * Fills the target, which is little-endian, from position to limit.
     *
     * @param offset of its first byte within the run
     */
    void fill(long offset, ByteBuffer target);
  }

  /**
   * Appends bytes that are made in place, piece by piece.
   *
   * @param unitBytes pieces start and end at multiples of this; at most 8
   */
  public void generate(long bytes, int unitBytes, Generator generator) throws IOException {
    long done = 0;
    while (done < bytes) {
      ByteBuffer room = window();
      int piece = (int) Math.min(room.remaining(), bytes - done);
      piece -= piece % unitBytes;
      if (piece > 0) {
        int limit = room.limit();
        room.limit(room.position() + piece);
        generator.fill(done, room);
        room.limit(limit);
        done += piece;
      } else {
        // A unit across the end of the buffer.
        unit.clear().limit(unitBytes);
        generator.fill(done, unit);
        unit.flip();
        while (unit.hasRemaining()) {
          window().put(unit.get());
        }
        done += unitBytes;
      }
    }
  }

  /** Hands what stands in the buffer to the storage; once, at the end of a file. */
  public void flush() throws IOException {
    if (buffer.position() > 0) {
      flushedBytes += buffer.position();
      ByteBuffer full = buffer.flip();
      buffer = NONE;
      writer.write(full);
    }
  }
}
