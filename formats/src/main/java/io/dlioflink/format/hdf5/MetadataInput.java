/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.UnsupportedFileException;
import io.jhdf.Superblock;
import io.jhdf.storage.HdfBackingStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.Map;

/**
 * What jHDF sees of a file while its layout is read: pieces of it, through a cache of blocks that
 * lives as long as this object. Memory is bounded by {@link Limits#METADATA_BYTES}, work by {@link
 * Limits#METADATA_READS}; no buffer is made before the bytes that fill it have been read.
 *
 * <p>jHDF knows no checked exceptions: what went wrong here is kept for {@link #failure}.
 */
final class MetadataInput implements HdfBackingStorage {
  /** Holds all metadata of most files, and is no dearer to read than less. */
  private static final int BLOCK_BYTES = 1 << 14;

  private final FileInput input;
  private final Map<Long, byte[]> blocks = new HashMap<>();
  private Superblock superblock;
  private long base;
  private long lastOffset;
  private long servedBytes;
  private int reads;
  private IOException failure;

  MetadataInput(FileInput input) {
    this.input = input;
  }

  /** Goes on with addresses as a superblock counts them. */
  void use(Superblock found, long offset) {
    superblock = found;
    base = offset;
  }

  /** Offset in the file of an address. */
  long offset(long address) {
    return base + address;
  }

  /** What storage or this object complained of; null if nothing. */
  IOException failure() {
    return failure;
  }

  /** An error at an address. */
  BrokenFileException broken(long address, String problem) {
    return new BrokenFileException(input.location(), base + address, problem);
  }

  /** An error at the place that was read last. */
  BrokenFileException brokenHere(String problem) {
    return new BrokenFileException(input.location(), lastOffset, problem);
  }

  /** A feature at an address. */
  UnsupportedFileException unsupported(long address, String feature) {
    return new UnsupportedFileException(input.location(), base + address, feature);
  }

  /** A feature at the place that was read last. */
  UnsupportedFileException unsupportedHere(String feature) {
    return new UnsupportedFileException(input.location(), lastOffset, feature);
  }

  /** A piece of the file, little-endian. */
  ByteBuffer read(long address, long length) throws IOException {
    if (address < 0 || length < 0 || address > Long.MAX_VALUE - base - length) {
      throw brokenHere("%d bytes at address %d are referred to".formatted(length, address));
    }
    lastOffset = base + address;
    if (length > Limits.METADATA_BYTES) {
      throw unsupportedHere(
          "a piece of metadata of %d bytes; at most %d are read"
              .formatted(length, Limits.METADATA_BYTES));
    }
    servedBytes += length;
    if (++reads > Limits.METADATA_READS || servedBytes > 16 * Limits.METADATA_BYTES) {
      throw brokenHere("metadata go round in circles, or are too many");
    }
    load(lastOffset, length);
    ByteBuffer piece = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
    for (long at = lastOffset; piece.hasRemaining(); at = lastOffset + piece.position()) {
      byte[] block = blocks.get(at / BLOCK_BYTES);
      int start = (int) (at % BLOCK_BYTES);
      if (block.length <= start) {
        throw brokenHere(
            "metadata of %d bytes, the file ends after %d".formatted(length, piece.position()));
      }
      piece.put(block, start, Math.min(block.length - start, piece.remaining()));
    }
    return piece.flip();
  }

  /** Sees to it that the blocks of a piece are there; those missing are read as one range. */
  private void load(long offset, long length) throws IOException {
    if (length == 0) {
      return;
    }
    long first = offset / BLOCK_BYTES;
    long last = (offset + length - 1) / BLOCK_BYTES;
    while (first <= last && blocks.containsKey(first)) {
      first++;
    }
    while (first <= last && blocks.containsKey(last)) {
      last--;
    }
    if (first > last) {
      return;
    }
    input.seek(first * BLOCK_BYTES, (last + 1) * BLOCK_BYTES);
    boolean more = true;
    for (long block = first; more && block <= last; block++) {
      if ((blocks.size() + 1L) * BLOCK_BYTES > 2 * Limits.METADATA_BYTES) {
        throw unsupportedHere(
            "more than %d bytes of metadata".formatted(2 * Limits.METADATA_BYTES));
      }
      more = loadBlock(block);
    }
    for (long block = first; block <= last && !more; block++) {
      blocks.putIfAbsent(block, new byte[0]);
      more = block - first > 0;
    }
  }

  /** Reads on into a block; false if the file ends in it. */
  private boolean loadBlock(long number) throws IOException {
    byte[] block = new byte[BLOCK_BYTES];
    int done = 0;
    ByteBuffer window = input.window();
    while (done < BLOCK_BYTES && (window.hasRemaining() || input.fill())) {
      int piece = Math.min(window.remaining(), BLOCK_BYTES - done);
      window.get(block, done, piece);
      done += piece;
    }
    boolean whole = done == BLOCK_BYTES;
    blocks.put(number, whole ? block : java.util.Arrays.copyOf(block, done));
    return whole;
  }

  @Override
  public ByteBuffer readBufferFromAddress(long address, int length) {
    return map(address, length);
  }

  @Override
  public ByteBuffer map(long address, long length) {
    try {
      return read(address, length);
    } catch (IOException e) {
      failure = e;
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ByteBuffer mapNoOffset(long offset, long length) {
    return map(offset - base, length);
  }

  @Override
  public long getUserBlockSize() {
    return base;
  }

  @Override
  public Superblock getSuperblock() {
    return superblock;
  }

  @Override
  public FileChannel getFileChannel() {
    throw new UnsupportedOperationException("There is no channel");
  }

  @Override
  public int getSizeOfOffsets() {
    return superblock.getSizeOfOffsets();
  }

  @Override
  public int getSizeOfLengths() {
    return superblock.getSizeOfLengths();
  }

  @Override
  public void close() {
    // The owner of the input closes it.
  }

  @Override
  public long size() {
    throw new UnsupportedOperationException("The size is not known");
  }

  @Override
  public boolean inMemory() {
    return true;
  }
}
