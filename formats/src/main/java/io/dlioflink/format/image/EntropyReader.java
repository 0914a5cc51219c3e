/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bits of entropy-coded segments. Bytes are taken from the file a buffer at a time, without the
 * zeros stuffed behind 0xff and up to the next marker; so much is always at hand before a block
 * that no check is needed within it. Behind the last byte zeros are read, and {@link #requireData}
 * finds out.
 *
 * <p>Source: ITU-T T.81, B.1.1.5, F.2.2.
 */
final class EntropyReader {
  /** Small enough to stay in the processor's cache. */
  private static final int BUFFER_BYTES = 16 * 1024;

  /** More than 64 coefficients of at most 31 bits. */
  private static final int BLOCK_BYTES = 256;

  private static final int PADDING_BYTES = BLOCK_BYTES + 2 * Long.BYTES;

  private static final VarHandle BIG_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LITTLE_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] buffer = new byte[BUFFER_BYTES + PADDING_BYTES];
  private FileInput input;
  private int end;
  private boolean markerReached;

  private int next;
  private long bits;
  private int bitCount;
  private int lastUsed;

  /** Starts a segment at the input's position. */
  void start(FileInput from) {
    input = from;
    end = 0;
    markerReached = false;
    next = 0;
    bits = 0;
    bitCount = 0;
  }

  /** Makes sure that the next block, or all there is before the next marker, is at hand. */
  void prepareBlock() throws IOException {
    if (end - next < BLOCK_BYTES && !markerReached) {
      fetch();
    }
  }

  private void fetch() throws IOException {
    System.arraycopy(buffer, next, buffer, 0, end - next);
    end -= next;
    next = 0;
    while (end < BUFFER_BYTES && !markerReached) {
      ByteBuffer window = input.window();
      if (window.remaining() < 2 && !input.fill() && input.window().remaining() < 2) {
        markerReached = true;
      } else {
        unstuff(window);
      }
    }
    Arrays.fill(buffer, end, end + PADDING_BYTES, (byte) 0);
  }

  private void unstuff(ByteBuffer window) {
    int from = window.position();
    int last = window.limit() - 1;
    int to = end;
    while (from < last && to < BUFFER_BYTES) {
      if (to <= BUFFER_BYTES - Long.BYTES && from <= last - Long.BYTES) {
        long eight = window.getLong(from);
        if (((~eight - 0x0101010101010101L) & eight & 0x8080808080808080L) == 0) {
          LITTLE_ENDIAN_LONG.set(buffer, to, eight);
          from += Long.BYTES;
          to += Long.BYTES;
          continue;
        }
      }
      byte one = window.get(from);
      if (one == (byte) 0xff) {
        if (window.get(from + 1) != 0) {
          markerReached = true;
          break;
        }
        from++;
      }
      from++;
      buffer[to++] = one;
    }
    window.position(from);
    end = to;
  }

  /** Checks that no more bits were read than there are. */
  void requireData() throws BrokenFileException {
    if ((next - end) * Byte.SIZE > bitCount) {
      throw broken("JPEG scan ends within a block");
    }
  }

  /** Checks that the segment has been read to its end, but for bits that fill its last byte. */
  void requireEnd() throws IOException {
    requireData();
    prepareBlock();
    if ((end - next) * Byte.SIZE + bitCount >= Byte.SIZE) {
      throw broken("JPEG scan goes on after its last block");
    }
  }

  /** An error at the byte that holds the next bit. */
  BrokenFileException broken(String problem) {
    int at = Math.min(end, Math.max(0, next - ((bitCount + 7) >> 3)));
    long offset = input.position() - (end - at);
    for (int i = at; i < end; i++) {
      if (buffer[i] == (byte) 0xff) {
        offset--;
      }
    }
    return new BrokenFileException(input.location(), offset, problem);
  }

  /**
   * Reads a block of a sequential scan.
   *
   * @param quantization factors in the order of the file, {@link Jpeg#BLOCK_ROOM} of them
   * @param block receives the coefficients row by row; must be all zero
   * @param previous first coefficient of the component's previous block, without factor
   * @return first coefficient of this block, without factor
   */
  int readBlock(
      HuffmanTable dcTable, HuffmanTable acTable, int[] quantization, int[] block, int previous)
      throws IOException {
    prepareBlock();
    byte[] bytes = buffer;
    int at = next;
    long window = bits;
    int count = bitCount;

    window |= (long) BIG_ENDIAN_LONG.get(bytes, at) >>> count;
    at += (63 - count) >> 3;
    count |= 56;
    int entry = dcTable.entries[(int) (window >>> (Long.SIZE - HuffmanTable.LOOKAHEAD_BITS))];
    if (entry == 0) {
      entry = dcTable.longCode(window);
    }
    int size = HuffmanTable.size(entry);
    int dc = previous;
    if (size > 0) {
      dc += value(window << HuffmanTable.codeLength(entry), size);
    }
    boolean valid = entry != 0 && HuffmanTable.run(entry) == 0;
    int length = HuffmanTable.length(entry);
    window <<= length;
    count -= length;
    block[0] = dc * quantization[0];

    int[] acEntries = acTable.entries;
    int[] order = Jpeg.NATURAL_ORDER;
    int k = 1;
    int used = 1;
    while (k < Jpeg.BLOCK_SAMPLES) {
      if (count < 32) {
        window |= (long) BIG_ENDIAN_LONG.get(bytes, at) >>> count;
        at += (63 - count) >> 3;
        count |= 56;
      }
      entry = acEntries[(int) (window >>> (Long.SIZE - HuffmanTable.LOOKAHEAD_BITS))];
      if (entry == 0) {
        entry = acTable.longCode(window);
      }
      length = HuffmanTable.length(entry);
      size = HuffmanTable.size(entry);
      k += HuffmanTable.run(entry);
      if (size == 0) {
        window <<= length;
        count -= length;
        if (HuffmanTable.run(entry) == 15) {
          k++;
          continue;
        }
        valid &= entry != 0 && HuffmanTable.run(entry) == 0;
        break;
      }
      long coded = window << HuffmanTable.codeLength(entry);
      window <<= length;
      count -= length;
      block[order[k]] = value(coded, size) * quantization[k];
      k++;
      used = k;
    }
    next = at;
    bits = window;
    bitCount = count;
    requireData();
    if (!valid || k > Jpeg.BLOCK_SAMPLES) {
      throw noSuchBlock();
    }
    lastUsed = used;
    return dc;
  }

  /** Coefficients of the last {@link #readBlock} up to the last that was coded; at least one. */
  int usedCoefficients() {
    return lastUsed;
  }

  /**
   * Takes a code, but not the value behind it.
   *
   * @return its entry
   */
  int readCode(HuffmanTable table) throws BrokenFileException {
    refill();
    int entry = table.entries[(int) (bits >>> (Long.SIZE - HuffmanTable.LOOKAHEAD_BITS))];
    if (entry == 0) {
      entry = table.longCode(bits);
      if (entry == 0) {
        requireData();
        throw noSuchBlock();
      }
    }
    drop(HuffmanTable.codeLength(entry));
    return entry;
  }

  /** Takes a number of some bits, at most 16, signed as coefficients are. */
  int readValue(int size) {
    if (size == 0) {
      return 0;
    }
    refill();
    int value = value(bits, size);
    drop(size);
    return value;
  }

  /** Takes an unsigned number of some bits, at most 16. */
  int readBits(int size) {
    if (size == 0) {
      return 0;
    }
    refill();
    int value = (int) (bits >>> (Long.SIZE - size));
    drop(size);
    return value;
  }

  private void refill() {
    if (bitCount < 32) {
      bits |= (long) BIG_ENDIAN_LONG.get(buffer, next) >>> bitCount;
      next += (63 - bitCount) >> 3;
      bitCount |= 56;
    }
  }

  private void drop(int count) {
    bits <<= count;
    bitCount -= count;
  }

  /** An error for a code or a run that cannot be. */
  BrokenFileException noSuchBlock() {
    return broken("JPEG block has an unknown Huffman code or more than 64 coefficients");
  }

  /** The number of a size whose bits stand highest. */
  private static int value(long coded, int size) {
    int negative = (int) (~coded >> 63);
    return (int) (coded >>> (Long.SIZE - size)) + (negative & ((-1 << size) + 1));
  }
}
