/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.UnsupportedFileException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The uncompressed bytes of a page, front to back. None of a page is held but the piece at hand,
 * unless its codec works on whole pages. Not thread-safe.
 */
final class PageBytes implements Closeable {
  private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

  private final StoredBytes stored = new StoredBytes();
  private final Map<Integer, Decompressor> decompressors = new TreeMap<>();

  /** Null if nothing is compressed. */
  private Decompressor decompressor;

  private PageHeader header;
  private ByteBuffer piece = EMPTY;

  /** Bytes before the compressed part that are not yet in a piece. */
  private int plainLeft;

  /** Uncompressed bytes of the page that are not yet in a piece. */
  private int unseen;

  private int compressedPartBytes;
  private boolean started;

  /**
   * Starts with the body of a page, before which the input stands.
   *
   * @param head of the page
   * @param codec of the column chunk; one for which {@link #supports} holds
   */
  void start(FileInput input, PageHeader head, int codec) throws IOException {
    header = head;
    stored.start(input, head.storedBytes);
    piece = EMPTY;
    unseen = head.uncompressedBytes;
    started = false;
    boolean v2 = head.type == Parquet.DATA_PAGE_V2;
    int levelBytes = v2 ? levelBytes() : 0;
    boolean compressed = codec != Parquet.UNCOMPRESSED && head.compressed;
    decompressor = compressed ? decompressors.computeIfAbsent(codec, PageBytes::open) : null;
    plainLeft = compressed ? levelBytes : unseen;
    compressedPartBytes = unseen - plainLeft;
    if (!compressed && head.storedBytes != unseen) {
      throw broken(
          "an uncompressed page of %d bytes is stored in %d".formatted(unseen, head.storedBytes));
    }
  }

  private int levelBytes() throws IOException {
    long bytes = (long) header.definitionBytes + header.repetitionBytes;
    if (bytes > Math.min(header.storedBytes, header.uncompressedBytes)) {
      throw broken(
          "levels of %d bytes in a page of %d, stored %d"
              .formatted(bytes, header.uncompressedBytes, header.storedBytes));
    }
    return (int) bytes;
  }

  /** Whether pages of a codec can be read. */
  static boolean supports(int codec) {
    return switch (codec) {
      case Parquet.UNCOMPRESSED, Parquet.SNAPPY, Parquet.GZIP, Parquet.ZSTD, Parquet.LZ4_RAW ->
          true;
      default -> false;
    };
  }

  private static Decompressor open(int codec) {
    return switch (codec) {
      case Parquet.GZIP -> new GzipDecompressor();
      case Parquet.ZSTD -> new ZstdDecompressor();
      case Parquet.SNAPPY -> new BlockDecompressor(BlockCodec.SNAPPY);
      case Parquet.LZ4_RAW -> new BlockDecompressor(BlockCodec.LZ4);
      default -> throw new IllegalArgumentException("Codec " + codec);
    };
  }

  /** Uncompressed bytes left. */
  int left() {
    return unseen + piece.remaining();
  }

  private void refill() throws IOException {
    if (unseen == 0) {
      throw broken("the values of a page go on where its bytes end");
    }
    if (plainLeft > 0) {
      piece = stored.next(plainLeft);
      plainLeft -= piece.remaining();
    } else {
      piece = decompressed().orElseThrow(this::tooShort);
      if (piece.remaining() > unseen) {
        throw tooLong();
      }
    }
    unseen -= piece.remaining();
  }

  private Optional<ByteBuffer> decompressed() throws IOException {
    if (!started) {
      started = true;
      decompressor.start(stored, compressedPartBytes);
    }
    return decompressor.next();
  }

  private BrokenFileException tooShort() {
    return broken(
        "a page of %d bytes decompresses to %d fewer".formatted(header.uncompressedBytes, unseen));
  }

  private BrokenFileException tooLong() {
    return broken("a page of %d bytes decompresses to more".formatted(header.uncompressedBytes));
  }

  /** The next byte. */
  int nextByte() throws IOException {
    if (!piece.hasRemaining()) {
      refill();
    }
    return piece.get() & 0xff;
  }

  /** The next 32 bits, little-endian. */
  int nextInt() throws IOException {
    if (piece.remaining() >= Integer.BYTES) {
      return piece.getInt();
    }
    return nextByte() | nextByte() << 8 | nextByte() << 16 | nextByte() << 24;
  }

  /** The next number of variable length, without sign. */
  long nextVarint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = nextByte();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw broken("a number longer than 10 bytes");
  }

  /** Passes over bytes that have been looked at on their way. */
  void skip(int bytes) throws IOException {
    int toSkip = bytes;
    while (toSkip > piece.remaining()) {
      toSkip -= piece.remaining();
      piece = EMPTY;
      refill();
    }
    piece.position(piece.position() + toSkip);
  }

  /** Ends the page: nothing may be left, and its CRC, if it has one, must fit. */
  void finish() throws IOException {
    if (left() > 0) {
      throw broken("%d bytes follow the values of a page".formatted(left()));
    }
    if (decompressor != null && (started || stored.left() > 0) && decompressed().isPresent()) {
      throw tooLong();
    }
    if (stored.left() > 0) {
      throw broken("%d bytes follow the compressed data of a page".formatted(stored.left()));
    }
    if (header.hasCrc && header.crc != stored.crc()) {
      throw broken(
          "CRC-32 %08x of the page that ends here, expected %08x"
              .formatted(stored.crc(), header.crc));
    }
  }

  /** What is wrong with the page, at the input's position. */
  BrokenFileException broken(String problem) {
    return stored.broken(problem);
  }

  /** What of the page is not read here. */
  UnsupportedFileException unsupported(String feature) {
    FileInput input = stored.input();
    return new UnsupportedFileException(input.location(), input.position(), feature);
  }

  @Override
  public void close() {
    decompressors.values().forEach(Decompressor::close);
    decompressors.clear();
  }
}
