/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import io.dlioflink.format.FileOutput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Rounds the coefficients of blocks to multiples of their factors and writes these as the
 * entropy-coded segment of a baseline scan of one component.
 *
 * <p>Source: ITU-T T.81, A.3.4, F.1.2.
 */
final class EntropyWriter {
  private static final int BUFFER_BYTES = 16 * 1024;

  /** More than 64 coefficients of at most 26 bits, each byte stuffed. */
  private static final int BLOCK_BYTES = 512;

  private static final int RUN_OF_16 = 0xf0;

  /** Dividing is multiplying by the reciprocal of this many fractional bits. */
  private static final int RECIPROCAL_BITS = 32;

  private static final VarHandle BIG_ENDIAN_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final int[] DC_CODES = codes(JpegHeader.dcTable());
  private static final int[] AC_CODES = codes(JpegHeader.acTable());

  private final FileOutput output;
  private final int[] halves = new int[Jpeg.BLOCK_SAMPLES];
  private final long[] reciprocals = new long[Jpeg.BLOCK_SAMPLES];
  private final int[] levels = new int[Jpeg.BLOCK_SAMPLES];
  private final byte[] buffer = new byte[BUFFER_BYTES];

  private int end;
  private long bits;
  private int bitCount;
  private int previous;

  EntropyWriter(FileOutput output) {
    this.output = output;
    for (int k = 0; k < Jpeg.BLOCK_SAMPLES; k++) {
      int divisor = JpegHeader.quantization(k) * ForwardDct.GAIN;
      halves[k] = divisor / 2;
      reciprocals[k] = (1L << RECIPROCAL_BITS) / divisor + 1;
    }
  }

  /** By symbol: the code above 8 bits with its length. */
  private static int[] codes(byte[] table) {
    int[] codes = new int[256];
    int code = 0;
    int index = HuffmanTable.MAX_CODE_BITS;
    for (int length = 1; length <= HuffmanTable.MAX_CODE_BITS; length++) {
      for (int i = 0; i < table[length - 1]; i++) {
        codes[table[index++] & 0xff] = (code++ << 8) | length;
      }
      code <<= 1;
    }
    return codes;
  }

  /** Starts a segment. */
  void start() {
    end = 0;
    bits = 0;
    bitCount = 0;
    previous = 0;
  }

  /**
   * Writes a block.
   *
   * @param block coefficients row by row, {@link ForwardDct#GAIN} times too large
   */
  void write(int[] block) throws IOException {
    if (end > BUFFER_BYTES - BLOCK_BYTES) {
      drain();
    }
    long coded = round(block) & -2;
    int difference = levels[0] - previous;
    previous = levels[0];
    int size = Integer.SIZE - Integer.numberOfLeadingZeros(Math.abs(difference));
    put(DC_CODES[size], difference, size);
    int last = 0;
    while (coded != 0) {
      int k = Long.numberOfTrailingZeros(coded);
      coded &= coded - 1;
      int run = k - last - 1;
      last = k;
      while (run > 15) {
        put(AC_CODES[RUN_OF_16], 0, 0);
        run -= 16;
      }
      int level = levels[k];
      size = Integer.SIZE - Integer.numberOfLeadingZeros(Math.abs(level));
      put(AC_CODES[(run << 4) | size], level, size);
    }
    if (last < Jpeg.BLOCK_SAMPLES - 1) {
      put(AC_CODES[0], 0, 0);
    }
  }

  /** Fills the levels; returns the set of those that are not zero. */
  private long round(int[] block) {
    long coded = 0;
    for (int k = 0; k < Jpeg.BLOCK_SAMPLES; k++) {
      int value = block[Jpeg.NATURAL_ORDER[k]];
      int sign = value >> 31;
      int size = (value ^ sign) - sign;
      int level = (int) (((size + halves[k]) * reciprocals[k]) >>> RECIPROCAL_BITS);
      levels[k] = (level ^ sign) - sign;
      coded |= (long) (-level >>> 31) << k;
    }
    return coded;
  }

  /** Puts a code, and behind it the low bits of a number as coefficients have them. */
  private void put(int code, int value, int size) {
    int low = (value + (value >> 31)) & ((1 << size) - 1);
    int length = (code & 0xff) + size;
    bits = (bits << length) | ((long) (code >>> 8) << size) | low;
    bitCount += length;
    if (bitCount >= Integer.SIZE) {
      bitCount -= Integer.SIZE;
      putInt((int) (bits >>> bitCount));
    }
  }

  private void putInt(int four) {
    if (((~four - 0x01010101) & four & 0x80808080) == 0) {
      BIG_ENDIAN_INT.set(buffer, end, four);
      end += Integer.BYTES;
    } else {
      for (int shift = 24; shift >= 0; shift -= 8) {
        putByte((byte) (four >>> shift));
      }
    }
  }

  private void putByte(byte one) {
    buffer[end++] = one;
    if (one == (byte) 0xff) {
      buffer[end++] = 0;
    }
  }

  /** Ends the segment; its last byte is filled up with ones. */
  void finish() throws IOException {
    int fill = -bitCount & 7;
    bits = (bits << fill) | ((1 << fill) - 1);
    bitCount += fill;
    while (bitCount > 0) {
      bitCount -= Byte.SIZE;
      putByte((byte) (bits >>> bitCount));
    }
    drain();
  }

  private void drain() throws IOException {
    int done = 0;
    while (done < end) {
      ByteBuffer room = output.window();
      int piece = Math.min(end - done, room.remaining());
      room.put(buffer, done, piece);
      done += piece;
    }
    end = 0;
  }
}
