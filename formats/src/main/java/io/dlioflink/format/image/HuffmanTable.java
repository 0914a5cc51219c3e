/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import java.util.Arrays;

/**
 * One Huffman table for decoding. Codes up to {@link #LOOKAHEAD_BITS} are found by one access,
 * longer ones by their length. Datasets mostly have one table for all files: defining an equal one
 * again costs a comparison.
 *
 * <p>An entry tells all about a code and the value that follows it: {@link #length}, {@link
 * #codeLength}, {@link #size} and {@link #run}.
 *
 * <p>Source: ITU-T T.81, annexes C and F.2.2.
 */
final class HuffmanTable {
  static final int LOOKAHEAD_BITS = 10;

  static final int MAX_CODE_BITS = 16;

  /** By the next {@link #LOOKAHEAD_BITS} bits; 0 where the code is longer or there is none. */
  final int[] entries = new int[1 << LOOKAHEAD_BITS];

  private final int[] lastCode = new int[MAX_CODE_BITS + 1];
  private final int[] indexShift = new int[MAX_CODE_BITS + 1];
  private byte[] definition = new byte[0];
  private boolean valid;
  private boolean usable;

  /** Says that the next image has no such table yet. */
  void forget() {
    usable = false;
  }

  /** Whether the current image has this table. */
  boolean usable() {
    return usable;
  }

  /**
   * Takes a table as the file has it: the number of codes of each length from 1 to 16, then the
   * symbols by ascending code.
   *
   * @return false if there is no such code
   */
  boolean define(byte[] bytes, int length) {
    if (Arrays.equals(definition, 0, definition.length, bytes, 0, length)) {
      usable = valid;
      return valid;
    }
    definition = Arrays.copyOf(bytes, length);
    Arrays.fill(entries, 0);
    valid = assignCodes();
    usable = valid;
    return valid;
  }

  private boolean assignCodes() {
    int code = 0;
    int index = 0;
    for (int bits = 1; bits <= MAX_CODE_BITS; bits++) {
      int count = definition[bits - 1] & 0xff;
      if (code + count > 1 << bits) {
        return false;
      }
      indexShift[bits] = index - code;
      for (int i = 0; i < count && bits <= LOOKAHEAD_BITS; i++) {
        int first = (code + i) << (LOOKAHEAD_BITS - bits);
        int end = (code + i + 1) << (LOOKAHEAD_BITS - bits);
        Arrays.fill(entries, first, end, entry(bits, index + i));
      }
      code += count;
      index += count;
      lastCode[bits] = count == 0 ? -1 : code - 1;
      code <<= 1;
    }
    return true;
  }

  private int entry(int codeLength, int index) {
    int symbol = definition[MAX_CODE_BITS + index] & 0xff;
    int run = symbol >> 4;
    int size = symbol & 15;
    return (run << 24) | (size << 16) | (codeLength << 8) | (codeLength + size);
  }

  /**
   * Finds a code that is longer than the look-ahead.
   *
   * @param bits the next bits, the first of them the highest
   * @return its entry; 0 if there is no such code
   */
  int longCode(long bits) {
    for (int length = LOOKAHEAD_BITS + 1; length <= MAX_CODE_BITS; length++) {
      int code = (int) (bits >>> (Long.SIZE - length));
      if (code <= lastCode[length]) {
        return entry(length, code + indexShift[length]);
      }
    }
    return 0;
  }

  /** Bits of code and value. */
  static int length(int entry) {
    return entry & 0xff;
  }

  /** Bits of the code alone. */
  static int codeLength(int entry) {
    return (entry >> 8) & 0xff;
  }

  /** Low half of the symbol: bits of the value. */
  static int size(int entry) {
    return (entry >> 16) & 0xff;
  }

  /** High half of the symbol: zero coefficients in front of the value. */
  static int run(int entry) {
    return entry >>> 24;
  }
}
