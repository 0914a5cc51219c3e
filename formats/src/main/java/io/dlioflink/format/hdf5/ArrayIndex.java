/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.jhdf.checksum.ChecksumUtils;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads the two chunk indexes that are arrays: fixed, and extensible along one axis. jHDF reads
 * them only without gaps, that is if every chunk has been written and no axis but an unlimited one
 * can grow, and it does not check all of their checksums.
 *
 * <p>Source: HDF5 File Format Specification 3.0, sections VII.C and VII.D; the sizes of the blocks
 * of extensible arrays from HDF5 2.0 {@code H5EAhdr.c}, {@code H5EAiblock.c}, {@code H5EApkg.h}.
 */
final class ArrayIndex {
  private static final long UNDEFINED = -1;
  private static final int CHECKSUM_BYTES = 4;
  private static final int MASK_BYTES = 4;
  private static final int FILTERED = 1;

  /** Takes the entries that are there, in order. */
  @FunctionalInterface
  interface Entries {
    /**
     * Takes one.
     *
     * @param number place in the array
     * @param bytes of the chunk as stored; -1 if it has no filter
     * @param mask a bit for each filter left out
     */
    void accept(long number, long address, long bytes, int mask) throws IOException;
  }

  private final MetadataInput input;
  private final long address;
  private final Entries entries;
  private final int offsetBytes;
  private final int lengthBytes;

  private int client;
  private int entryBytes;
  private int pageEntries;
  private long size;
  private long next;

  // Of extensible arrays only.
  private int blockOffsetBytes;
  private int smallestBlockEntries;

  ArrayIndex(MetadataInput input, long address, Entries entries) {
    this.input = input;
    this.address = address;
    this.entries = entries;
    this.offsetBytes = input.getSizeOfOffsets();
    this.lengthBytes = input.getSizeOfLengths();
  }

  /**
   * Reads a fixed array.
   *
   * @param expected entries it must have
   */
  void readFixed(long expected) throws IOException {
    ByteBuffer header = checked("FAHD", address, 8 + lengthBytes + offsetBytes);
    startEntries(header.get(), header.get(), header.get());
    size = Numbers.unsigned(header, lengthBytes);
    if (size != expected) {
      throw input.broken(
          address, "chunk index of %d entries, expected %d".formatted(size, expected));
    }
    requireFew();
    long block = Numbers.unsigned(header, offsetBytes);
    if (block == UNDEFINED) {
      return;
    }
    int prefixBytes = 6 + offsetBytes;
    if (size <= pageEntries) {
      readEntries(checked("FADB", block, prefixBytes + size * entryBytes, prefixBytes), size);
      return;
    }
    long pages = (size + pageEntries - 1) / pageEntries;
    ByteBuffer written = checked("FADB", block, prefixBytes + (pages + 7) / 8, prefixBytes);
    long page = block + prefixBytes + (pages + 7) / 8 + CHECKSUM_BYTES;
    for (int number = 0; number < pages; number++) {
      long count = Math.min(pageEntries, size - next);
      readPage(page, count, written, number);
      page += count * entryBytes + CHECKSUM_BYTES;
    }
  }

  /** Reads an extensible array. */
  void readExtensible() throws IOException {
    ByteBuffer header = checked("EAHD", address, 12 + 6 * lengthBytes + offsetBytes);
    int clientId = header.get();
    int bytes = header.get();
    int maxBits = header.get();
    int directEntries = header.get() & 0xff;
    smallestBlockEntries = header.get() & 0xff;
    int smallestPointers = header.get() & 0xff;
    startEntries(clientId, bytes, header.get());
    if (maxBits < 1 || maxBits > 64 || smallestBlockEntries == 0 || smallestPointers == 0) {
      throw input.broken(address, "extensible array without blocks");
    }
    blockOffsetBytes = (maxBits + 7) / 8;
    header.position(header.position() + 4 * lengthBytes);
    size = Numbers.unsigned(header, lengthBytes);
    requireFew();
    header.position(header.position() + lengthBytes);
    long block = Numbers.unsigned(header, offsetBytes);
    if (block == UNDEFINED) {
      return;
    }
    int inIndex = 2 * log2(smallestPointers);
    int superBlocks = 1 + maxBits - log2(smallestBlockEntries);
    int dataPointers = 2 * (smallestPointers - 1);
    int superPointers = Math.max(0, superBlocks - inIndex);
    int prefixBytes = 6 + offsetBytes;
    ByteBuffer index =
        checked(
            "EAIB",
            block,
            prefixBytes
                + directEntries * entryBytes
                + (long) (dataPointers + superPointers) * offsetBytes,
            prefixBytes);
    readEntries(index, directEntries);
    index.position(prefixBytes + directEntries * entryBytes);
    for (int superBlock = 0; superBlock < inIndex && next < size; superBlock++) {
      for (int i = 0; i < blocks(superBlock) && next < size; i++) {
        readDataBlock(Numbers.unsigned(index, offsetBytes), blockEntries(superBlock), null, 0);
      }
    }
    for (int superBlock = inIndex; superBlock < superBlocks && next < size; superBlock++) {
      readSuperBlock(Numbers.unsigned(index, offsetBytes), superBlock);
    }
  }

  private void readSuperBlock(long block, int number) throws IOException {
    long count = blocks(number);
    long blockEntries = blockEntries(number);
    if (block == UNDEFINED) {
      next += count * blockEntries;
      return;
    }
    int prefixBytes = 6 + offsetBytes + blockOffsetBytes;
    long pages = blockEntries > pageEntries ? blockEntries / pageEntries : 0;
    long bitmapBytes = (pages + 7) / 8;
    ByteBuffer bytes =
        checked("EASB", block, prefixBytes + count * (bitmapBytes + offsetBytes), prefixBytes);
    ByteBuffer written = bytes.duplicate().position(prefixBytes);
    bytes.position((int) (prefixBytes + count * bitmapBytes));
    for (int i = 0; i < count && next < size; i++) {
      int firstPage = (int) (i * pages);
      readDataBlock(Numbers.unsigned(bytes, offsetBytes), blockEntries, written, firstPage);
    }
  }

  private void readDataBlock(long block, long count, ByteBuffer written, int firstPage)
      throws IOException {
    if (block == UNDEFINED) {
      next += count;
      return;
    }
    int prefixBytes = 6 + offsetBytes + blockOffsetBytes;
    if (count <= pageEntries) {
      readEntries(checked("EADB", block, prefixBytes + count * entryBytes, prefixBytes), count);
      return;
    }
    checked("EADB", block, prefixBytes, prefixBytes);
    long page = block + prefixBytes + CHECKSUM_BYTES;
    for (int number = 0; number < count / pageEntries && next < size; number++) {
      readPage(page, pageEntries, written, firstPage + number);
      page += (long) pageEntries * entryBytes + CHECKSUM_BYTES;
    }
  }

  /**
   * Reads a page, if it was ever written.
   *
   * @param written from its position on, a bit for each page, the highest first
   */
  private void readPage(long page, long count, ByteBuffer written, int number) throws IOException {
    int bits = written.get(written.position() + number / 8);
    if ((bits & (0x80 >>> (number % 8))) == 0) {
      next += count;
      return;
    }
    ByteBuffer bytes = input.read(page, count * entryBytes + CHECKSUM_BYTES);
    requireChecksum(bytes, page);
    readEntries(bytes, count);
  }

  private void readEntries(ByteBuffer bytes, long count) throws IOException {
    for (long i = 0; i < count; i++) {
      long at = Numbers.unsigned(bytes, offsetBytes);
      long stored = -1;
      int mask = 0;
      if (client == FILTERED) {
        stored = Numbers.unsigned(bytes, entryBytes - offsetBytes - MASK_BYTES);
        mask = bytes.getInt();
      }
      if (at != UNDEFINED) {
        entries.accept(next, at, stored, mask);
      }
      next++;
    }
  }

  private void startEntries(int clientId, int bytes, int pageBits) throws IOException {
    client = clientId;
    entryBytes = bytes;
    int sizeBytes = bytes - offsetBytes - MASK_BYTES;
    boolean sound =
        clientId == FILTERED
            ? sizeBytes >= 1 && sizeBytes <= Long.BYTES
            : clientId == 0 && bytes == offsetBytes;
    if (!sound || pageBits < 0 || pageBits > 30) {
      throw input.broken(
          address,
          "chunk index of kind %d with entries of %d bytes in pages of 2^%d"
              .formatted(clientId, bytes, pageBits));
    }
    pageEntries = 1 << pageBits;
  }

  private void requireFew() throws IOException {
    if (size < 0 || size > Limits.CHUNKS) {
      throw input.unsupported(
          address, "chunk index of %d entries; at most %d are read".formatted(size, Limits.CHUNKS));
    }
  }

  /** Data blocks of a super block. */
  private static long blocks(int superBlock) {
    return 1L << (superBlock / 2);
  }

  /** Entries of each of its data blocks. */
  private long blockEntries(int superBlock) {
    return (1L << ((superBlock + 1) / 2)) * smallestBlockEntries;
  }

  private static int log2(int number) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(number);
  }

  /** A header: signature and version are behind it. */
  private ByteBuffer checked(String signature, long at, long length) throws IOException {
    return checked(signature, at, length, 5);
  }

  /**
   * Reads a block and its checksum, and passes over its start.
   *
   * @param length bytes without the checksum
   */
  private ByteBuffer checked(String signature, long at, long length, int skipped)
      throws IOException {
    ByteBuffer bytes = input.read(at, length + CHECKSUM_BYTES);
    StringBuilder found = new StringBuilder();
    for (int i = 0; i < signature.length(); i++) {
      found.append((char) (bytes.get(i) & 0xff));
    }
    if (!found.toString().equals(signature) || bytes.get(signature.length()) != 0) {
      throw input.broken(
          at, "found no %s of version 0, which is part of a chunk index".formatted(signature));
    }
    requireChecksum(bytes, at);
    return bytes.position(skipped);
  }

  private void requireChecksum(ByteBuffer bytes, long at) throws IOException {
    byte[] covered = new byte[bytes.limit() - CHECKSUM_BYTES];
    bytes.get(0, covered);
    int stored = bytes.getInt(covered.length);
    int computed = ChecksumUtils.checksum(covered);
    if (stored != computed) {
      throw input.broken(
          at, "chunk index: checksum %08x, expected %08x".formatted(computed, stored));
    }
  }
}
