/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Codec GZIP: one or more gzip members; source: RFC 1952. */
final class GzipDecompressor implements Decompressor {
  private static final int MAGIC = 0x8b1f;
  private static final int DEFLATE = 8;
  private static final int HAS_HEADER_CRC = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;
  private static final int RESERVED = 0xe0;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final Optional<ByteBuffer> output =
      Optional.of(ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN));
  private ByteBuffer input = ByteBuffer.allocateDirect(0);
  private StoredBytes stored;
  private boolean inMember;

  @Override
  public void start(StoredBytes from, int bytes) {
    stored = from;
    input = input.slice(0, 0);
    inMember = false;
  }

  @Override
  public Optional<ByteBuffer> next() throws IOException {
    ByteBuffer bytes = output.orElseThrow().clear();
    while (bytes.position() == 0) {
      if (!inMember) {
        if (!input.hasRemaining() && stored.left() == 0) {
          return Optional.empty();
        }
        readHeader();
      }
      inflate(bytes);
    }
    bytes.flip();
    return output;
  }

  private void inflate(ByteBuffer target) throws IOException {
    if (!input.hasRemaining() && stored.left() > 0) {
      input = stored.next(stored.left());
    }
    inflater.setInput(input);
    int produced;
    try {
      produced = inflater.inflate(target);
    } catch (DataFormatException e) {
      throw stored.broken("gzip data of a page: " + e.getMessage());
    }
    if (produced > 0) {
      crc.update(target.flip());
    }
    if (inflater.finished()) {
      readTrailer();
    } else if (inflater.needsDictionary() || (produced == 0 && stored.left() == 0)) {
      throw stored.broken("gzip data of a page does not come to its end");
    }
  }

  private void readHeader() throws IOException {
    int magic = nextShort();
    int method = nextByte();
    int flags = nextByte();
    if (magic != MAGIC || method != DEFLATE || (flags & RESERVED) != 0) {
      throw stored.broken(
          "found bytes 0x%04x, method %d, flags 0x%02x, expected a gzip header"
              .formatted(magic, method, flags));
    }
    skip(6);
    if ((flags & HAS_EXTRA) != 0) {
      skip(nextShort());
    }
    if ((flags & HAS_NAME) != 0) {
      skipText();
    }
    if ((flags & HAS_COMMENT) != 0) {
      skipText();
    }
    if ((flags & HAS_HEADER_CRC) != 0) {
      skip(2);
    }
    inflater.reset();
    crc.reset();
    inMember = true;
  }

  private void readTrailer() throws IOException {
    int expectedCrc = nextShort() | nextShort() << 16;
    int expectedBytes = nextShort() | nextShort() << 16;
    if (expectedCrc != (int) crc.getValue() || expectedBytes != (int) inflater.getBytesWritten()) {
      throw stored.broken(
          "gzip data of a page: CRC-32 %08x of %d bytes, expected %08x of %d"
              .formatted(
                  (int) crc.getValue(), inflater.getBytesWritten(), expectedCrc, expectedBytes));
    }
    inMember = false;
  }

  private void skipText() throws IOException {
    int next;
    do {
      next = nextByte();
    } while (next != 0);
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      nextByte();
    }
  }

  private int nextShort() throws IOException {
    return nextByte() | nextByte() << 8;
  }

  private int nextByte() throws IOException {
    if (!input.hasRemaining()) {
      if (stored.left() == 0) {
        throw stored.broken("gzip data of a page ends within a header or trailer");
      }
      input = stored.next(stored.left());
    }
    return input.get() & 0xff;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
