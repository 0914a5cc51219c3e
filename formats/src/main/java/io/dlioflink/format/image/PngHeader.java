/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.UnsupportedFileException;
import io.dlioflink.storage.Location;
import java.nio.ByteBuffer;

/**
 * What an image header chunk says.
 *
 * @param channels values per pixel
 * @param bits of each
 * @param indexed whether they are places in a palette
 * @param interlaced whether the pixels come in seven passes
 */
record PngHeader(
    int columns, int rows, int channels, int bits, boolean indexed, boolean interlaced) {
  /** Memory of a reader is a few of these. */
  static final int MAX_ROW_BYTES = 1 << 24;

  /** The most pixel bytes of an interlaced image, which has to be put together in memory. */
  static final int MAX_INTERLACED_BYTES = 1 << 26;

  /**
   * Reads the chunk's data.
   *
   * @param bytes at their position
   * @param offset of the chunk in the file, for messages
   */
  static PngHeader read(ByteBuffer bytes, Location file, long offset)
      throws BrokenFileException, UnsupportedFileException {
    int at = bytes.position();
    int columns = Integer.reverseBytes(bytes.getInt(at));
    int rows = Integer.reverseBytes(bytes.getInt(at + 4));
    int bits = bytes.get(at + 8) & 0xff;
    int colours = bytes.get(at + 9) & 0xff;
    int interlace = bytes.get(at + 12) & 0xff;
    int channels = channels(colours);
    boolean legal =
        columns > 0
            && rows > 0
            && channels > 0
            && legalBits(colours, bits)
            && bytes.get(at + 10) == 0
            && bytes.get(at + 11) == 0
            && interlace < 2;
    if (!legal) {
      throw new BrokenFileException(
          file,
          offset,
          "PNG header of %d x %d pixels, %d bits, colour type %d, compression %d, filter %d, interlace %d"
              .formatted(
                  columns, rows, bits, colours, bytes.get(at + 10), bytes.get(at + 11), interlace));
    }
    PngHeader header =
        new PngHeader(columns, rows, channels, bits, colours == Png.INDEXED, interlace == 1);
    if (header.pixelRowBytes() > MAX_ROW_BYTES) {
      throw new UnsupportedFileException(
          file,
          offset,
          "PNG rows of %d bytes; at most %d are read"
              .formatted(header.pixelRowBytes(), MAX_ROW_BYTES));
    }
    if (header.interlaced && header.imageBytes() > MAX_INTERLACED_BYTES) {
      throw new UnsupportedFileException(
          file,
          offset,
          "interlaced PNG of %d bytes; at most %d are read"
              .formatted(header.imageBytes(), MAX_INTERLACED_BYTES));
    }
    return header;
  }

  private static int channels(int colours) {
    return switch (colours) {
      case Png.GREY, Png.INDEXED -> 1;
      case Png.GREY_ALPHA -> 2;
      case Png.COLOUR -> 3;
      case Png.COLOUR_ALPHA -> 4;
      default -> 0;
    };
  }

  private static boolean legalBits(int colours, int bits) {
    return switch (bits) {
      case 1, 2, 4 -> colours == Png.GREY || colours == Png.INDEXED;
      case 8 -> true;
      case 16 -> colours != Png.INDEXED;
      default -> false;
    };
  }

  /** Bytes of a decoded pixel: values of less than 8 bits get a byte each. */
  int pixelBytes() {
    return channels * (bits == 16 ? 2 : 1);
  }

  long pixelRowBytes() {
    return (long) columns * pixelBytes();
  }

  /** Bytes of the decoded image. */
  long imageBytes() {
    return rows * pixelRowBytes();
  }

  /** Bytes of a row as it is filtered, without its filter. */
  int packedRowBytes(int pixels) {
    return (int) (((long) pixels * channels * bits + 7) / 8);
  }

  /** How far apart filters look for the same channel of the pixel before. */
  int filterDistance() {
    return Math.max(1, channels * bits / 8);
  }
}
