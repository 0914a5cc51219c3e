/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import io.dlioflink.format.FileOutput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FileTarget;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Adler32;
import java.util.zip.CRC32;

/**
 * Writes grey PNG images of 8 bits, a row at a time. Random bytes do not compress: zlib, as it is
 * set by default, stores them at any level, and so does this, without the search for what is not
 * there. (Pillow gives zlib larger buffers, which makes it code what follows the first 32 KiB with
 * eight bits per byte: the same size, but slower to read.) Rows take turns in the filters that
 * Pillow scatters over such images, for a reader to have that work.
 *
 * <p>Sources: PNG specification, sections 5, 9 to 11; RFC 1950; RFC 1951, 3.2.4.
 */
final class PngEncoder implements SampleFileEncoder {
  /** As the reader takes at most. */
  static final int MAX_COLUMNS = PngHeader.MAX_ROW_BYTES;

  /** The most a stored block can hold; each has a chunk of its own. */
  static final int STORED_BYTES = 65535;

  private static final int ZLIB_HEADER_BYTES = 2;
  private static final int ADLER_BYTES = 4;
  private static final int BLOCK_HEADER_BYTES = 5;
  private static final int[] FILTERS = {
    Png.FILTER_NONE, Png.FILTER_SUB, Png.FILTER_UP, Png.FILTER_PAETH
  };

  /** Deflate with a window of 32 KiB, fastest level. */
  private static final int ZLIB_HEADER = 0x7801;

  private static final int BUFFER_BYTES = 1 << 20;

  private final FileOutput output = new FileOutput(BUFFER_BYTES);
  private final CRC32 crc = new CRC32();
  private final Adler32 adler = new Adler32();
  private final byte[] small = new byte[32];
  private final ByteBuffer fields = ByteBuffer.wrap(small);

  private byte[] above = new byte[0];
  private byte[] row = new byte[0];
  private byte[] line = new byte[0];

  /** Bytes of the file. */
  static long lengthBytes(GreyImage image) {
    long lineBytes = lineBytes(image);
    long blocks = (lineBytes + STORED_BYTES - 1) / STORED_BYTES;
    return Png.SIGNATURE_BYTES
        + Png.CHUNK_OVERHEAD_BYTES
        + Png.HEADER_BYTES
        + ZLIB_HEADER_BYTES
        + blocks * (Png.CHUNK_OVERHEAD_BYTES + BLOCK_HEADER_BYTES)
        + lineBytes
        + ADLER_BYTES
        + Png.CHUNK_OVERHEAD_BYTES;
  }

  private static long lineBytes(GreyImage image) {
    return (long) image.rows() * (1 + image.columns());
  }

  @Override
  public void encode(FileSpec file, SampleContent content, FileTarget target) throws IOException {
    GreyImage image = GreyImage.of(file);
    int columns = image.columns();
    if (columns > MAX_COLUMNS) {
      throw new IllegalArgumentException(
          "A PNG image is written with at most %d columns; this one would have %d"
              .formatted(MAX_COLUMNS, columns));
    }
    if (row.length < columns) {
      above = new byte[columns];
      row = new byte[columns];
      line = new byte[1 + columns];
    }
    output.open(target.data());
    putHeader(image);
    adler.reset();
    long left = lineBytes(image);
    int blockLeft = 0;
    Arrays.fill(above, (byte) 0);
    for (int y = 0; y < image.rows(); y++) {
      image.fill(content, (long) y * columns, ByteBuffer.wrap(row, 0, columns));
      filter(FILTERS[y % FILTERS.length], columns);
      adler.update(line, 0, 1 + columns);
      int at = 0;
      while (at <= columns) {
        if (blockLeft == 0) {
          blockLeft = (int) Math.min(STORED_BYTES, left);
          startBlock(blockLeft, left == lineBytes(image), left == blockLeft);
        }
        int piece = Math.min(blockLeft, 1 + columns - at);
        put(line, at, piece);
        at += piece;
        left -= piece;
        blockLeft -= piece;
        if (blockLeft == 0) {
          endBlock(left == 0);
        }
      }
      byte[] next = above;
      above = row;
      row = next;
    }
    startChunk(0, Png.END);
    endChunk();
    output.flush();
  }

  private void putHeader(GreyImage image) throws IOException {
    fields.clear().putLong(Png.SIGNATURE);
    putRaw(small, 0, Png.SIGNATURE_BYTES);
    startChunk(Png.HEADER_BYTES, Png.HEADER);
    fields.clear().putInt(image.columns()).putInt(image.rows());
    fields.put((byte) 8).put((byte) Png.GREY).put((byte) 0).put((byte) 0).put((byte) 0);
    put(small, 0, Png.HEADER_BYTES);
    endChunk();
  }

  private void startBlock(int bytes, boolean first, boolean last) throws IOException {
    int headerBytes = first ? ZLIB_HEADER_BYTES : 0;
    startChunk(headerBytes + BLOCK_HEADER_BYTES + bytes + (last ? ADLER_BYTES : 0), Png.DATA);
    fields.clear();
    if (first) {
      fields.putShort((short) ZLIB_HEADER);
    }
    fields.put((byte) (last ? 1 : 0));
    fields.putShort(Short.reverseBytes((short) bytes));
    fields.putShort(Short.reverseBytes((short) ~bytes));
    put(small, 0, fields.position());
  }

  private void endBlock(boolean last) throws IOException {
    if (last) {
      fields.clear().putInt((int) adler.getValue());
      put(small, 0, ADLER_BYTES);
    }
    endChunk();
  }

  private void startChunk(int bytes, int type) throws IOException {
    fields.clear().putInt(bytes);
    putRaw(small, 0, Integer.BYTES);
    crc.reset();
    fields.clear().putInt(type);
    put(small, 0, Integer.BYTES);
  }

  private void endChunk() throws IOException {
    fields.clear().putInt((int) crc.getValue());
    putRaw(small, 0, Integer.BYTES);
  }

  private void put(byte[] bytes, int at, int length) throws IOException {
    crc.update(bytes, at, length);
    putRaw(bytes, at, length);
  }

  private void putRaw(byte[] bytes, int at, int length) throws IOException {
    int done = 0;
    while (done < length) {
      ByteBuffer room = output.window();
      int piece = Math.min(length - done, room.remaining());
      room.put(bytes, at + done, piece);
      done += piece;
    }
  }

  private void filter(int filter, int columns) {
    line[0] = (byte) filter;
    switch (filter) {
      case Png.FILTER_SUB -> {
        line[1] = row[0];
        for (int x = 1; x < columns; x++) {
          line[1 + x] = (byte) (row[x] - row[x - 1]);
        }
      }
      case Png.FILTER_UP -> {
        for (int x = 0; x < columns; x++) {
          line[1 + x] = (byte) (row[x] - above[x]);
        }
      }
      case Png.FILTER_PAETH -> {
        line[1] = (byte) (row[0] - above[0]);
        for (int x = 1; x < columns; x++) {
          int nearest = Png.paeth(row[x - 1] & 0xff, above[x] & 0xff, above[x - 1] & 0xff);
          line[1 + x] = (byte) (row[x] - nearest);
        }
      }
      default -> System.arraycopy(row, 0, line, 1, columns);
    }
  }

  @Override
  public void close() {
    // Nothing but memory is held.
  }
}
