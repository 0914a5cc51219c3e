/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.UnsupportedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads PNG images down to their pixels: all colour types and depths, interlaced or not. Rows are
 * inflated some at a time; of interlaced images, which are rare, the whole is held. Each chunk's
 * CRC is checked, the sum over all rows, and that nothing is missing or left over.
 *
 * <p>Source: PNG specification, sections 5 and 7 to 11; RFC 1950.
 */
final class PngDecoder implements SampleFileDecoder {
  /** Inflated at a time, but whole rows; stays in the processor's cache. */
  private static final int BATCH_BYTES = 32 * 1024;

  /** Bit of a type by which a chunk may be passed over. */
  private static final int ANCILLARY = 0x20000000;

  private final ReadSpec spec;
  private final CRC32 crc = new CRC32();
  private final FileInput.Piece addToCrc = crc::update;
  private final Inflater inflater = new Inflater();
  private final PngRows rows;

  private FileInput input;
  private PngHeader header;
  private boolean paletteSeen;
  private int chunkType;
  private long chunkOffset;
  private long chunkLeft;

  PngDecoder(ReadSpec spec) {
    this(spec, PixelRows.DROPPED);
  }

  PngDecoder(ReadSpec spec, PixelRows pixels) {
    this.spec = spec;
    this.rows = new PngRows(pixels, BATCH_BYTES);
  }

  /** All samples of a file are its one image. */
  @Override
  public long verify(FileInput from, int samples) throws IOException {
    return samples * decode(from, 0);
  }

  @Override
  public long decode(FileInput from, int sample) throws IOException {
    spec.requireSample(sample);
    input = from;
    paletteSeen = false;
    inflater.reset();
    readSignature();
    readHeader();
    startChunk();
    while (chunkType != Png.DATA) {
      passOver();
      startChunk();
    }
    if (header.indexed() && !paletteSeen) {
      throw broken(chunkOffset, "indexed PNG image without a palette before its data");
    }
    readRows();
    boolean ended = false;
    while (!ended) {
      startChunk();
      if (chunkType == Png.DATA) {
        throw broken(chunkOffset, "PNG image data after their end");
      }
      ended = chunkType == Png.END;
      passOver();
    }
    input.requireEnd("the PNG end chunk");
    return header.imageBytes();
  }

  private void readSignature() throws IOException {
    ByteBuffer bytes = input.require(Png.SIGNATURE_BYTES, "PNG signature");
    long found = Long.reverseBytes(bytes.getLong(bytes.position()));
    if (found != Png.SIGNATURE) {
      throw broken(
          input.position(),
          "found %016x, expected the PNG signature %016x".formatted(found, Png.SIGNATURE));
    }
    bytes.position(bytes.position() + Png.SIGNATURE_BYTES);
  }

  private void readHeader() throws IOException {
    startChunk();
    if (chunkType != Png.HEADER || chunkLeft != Png.HEADER_BYTES) {
      throw broken(
          chunkOffset,
          "found PNG chunk %s of %d bytes, expected IHDR of %d"
              .formatted(name(chunkType), chunkLeft, Png.HEADER_BYTES));
    }
    ByteBuffer bytes = input.require(Png.HEADER_BYTES + Integer.BYTES, "PNG header");
    ByteBuffer fields = bytes.slice(bytes.position(), Png.HEADER_BYTES).order(bytes.order());
    passOver();
    header = PngHeader.read(fields, input.location(), chunkOffset);
    rows.start(header);
  }

  private void startChunk() throws IOException {
    chunkOffset = input.position();
    ByteBuffer bytes = input.require(2 * Integer.BYTES, "PNG chunk");
    int at = bytes.position();
    chunkLeft = Integer.reverseBytes(bytes.getInt(at)) & 0xffffffffL;
    chunkType = Integer.reverseBytes(bytes.getInt(at + Integer.BYTES));
    if (chunkLeft > Integer.MAX_VALUE) {
      throw broken(chunkOffset, "PNG chunk %s of %d bytes".formatted(name(chunkType), chunkLeft));
    }
    crc.reset();
    int limit = bytes.limit();
    bytes.limit(at + 2 * Integer.BYTES).position(at + Integer.BYTES);
    crc.update(bytes);
    bytes.limit(limit);
  }

  private void endChunk() throws IOException {
    ByteBuffer bytes = input.require(Integer.BYTES, "PNG chunk CRC");
    int found = Integer.reverseBytes(bytes.getInt());
    if (found != (int) crc.getValue()) {
      throw broken(
          chunkOffset,
          "PNG chunk %s has CRC-32 0x%08x, its data have 0x%08x"
              .formatted(name(chunkType), found, crc.getValue()));
    }
  }

  /** Checks a chunk without using its data. */
  private void passOver() throws IOException {
    long bytes = chunkLeft;
    input.forEachPiece(bytes, "PNG chunk", addToCrc);
    endChunk();
    boolean known = chunkType == Png.PALETTE || chunkType == Png.END || chunkType == Png.HEADER;
    if (!known && (chunkType & ANCILLARY) == 0) {
      throw new UnsupportedFileException(
          input.location(), chunkOffset, "critical PNG chunk " + name(chunkType));
    }
    boolean misplaced =
        switch (chunkType) {
          case Png.HEADER -> chunkOffset != Png.SIGNATURE_BYTES;
          case Png.PALETTE ->
              bytes == 0 || bytes % 3 != 0 || bytes > 3 * 256 || rows.begun() || paletteSeen;
          case Png.END -> bytes != 0 || !rows.complete();
          default -> false;
        };
    if (misplaced) {
      throw broken(
          chunkOffset,
          "PNG chunk %s of %d bytes has no place here".formatted(name(chunkType), bytes));
    }
    paletteSeen |= chunkType == Png.PALETTE;
  }

  /** Reads from the first to the last data chunk. */
  private void readRows() throws IOException {
    while (!inflater.finished()) {
      if (chunkLeft == 0) {
        endChunk();
        startChunk();
        if (chunkType != Png.DATA) {
          throw broken(
              chunkOffset,
              "PNG chunk %s before the end of the image data".formatted(name(chunkType)));
        }
      } else {
        inflatePiece();
      }
    }
    if (!rows.complete()) {
      throw broken(input.position(), "PNG image data end before the last row");
    }
    if (chunkLeft > 0) {
      throw broken(input.position(), "%d bytes follow the PNG image data".formatted(chunkLeft));
    }
    endChunk();
  }

  private void inflatePiece() throws IOException {
    ByteBuffer window = input.window();
    if (!window.hasRemaining() && !input.fill()) {
      throw broken(input.position(), "the file ends within PNG image data");
    }
    int start = window.position();
    int end = window.limit();
    window.limit(start + (int) Math.min(chunkLeft, window.remaining()));
    try {
      inflater.setInput(window);
      int produced;
      do {
        produced = rows.inflate(inflater, input);
        if (inflater.needsDictionary()) {
          throw broken(input.position(), "PNG image data ask for a dictionary");
        }
        // With all input taken there may still be output.
      } while (!inflater.finished() && (produced > 0 || !inflater.needsInput()));
      // What the inflater has taken, from the start to the position.
      int taken = window.position() - start;
      window.limit(window.position()).position(start);
      crc.update(window);
      chunkLeft -= taken;
    } catch (DataFormatException e) {
      throw broken(input.position(), "PNG image data: " + e.getMessage());
    } finally {
      window.limit(end);
    }
  }

  private static String name(int type) {
    byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt(type).array();
    StringBuilder shown = new StringBuilder();
    new String(bytes, StandardCharsets.ISO_8859_1)
        .chars()
        .forEach(c -> shown.append(c > ' ' && c < 0x7f ? (char) c : '?'));
    return shown.toString();
  }

  private BrokenFileException broken(long offset, String problem) {
    return new BrokenFileException(input.location(), offset, problem);
  }

  @Override
  public void close() {
    inflater.end();
  }
}
