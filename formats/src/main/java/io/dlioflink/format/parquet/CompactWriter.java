/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import io.dlioflink.format.FileOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes structures in Thrift's compact protocol into memory, to be handed on piece by piece. */
final class CompactWriter {
  private static final int MAX_DEPTH = 16;

  private byte[] bytes = new byte[4096];
  private int length;
  private final int[] lastFields = new int[MAX_DEPTH];
  private int depth;

  /** Bytes since the last {@link #clear}. */
  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  /** Appends what was written to a file, and clears. */
  void moveTo(FileOutput output) throws IOException {
    int done = 0;
    while (done < length) {
      ByteBuffer room = output.window();
      int piece = Math.min(room.remaining(), length - done);
      room.put(bytes, done, piece);
      done += piece;
    }
    clear();
  }

  /** Puts what was written at the target's position, and clears. */
  void moveTo(ByteBuffer target) {
    target.put(bytes, 0, length);
    clear();
  }

  /** Opens a structure that is no field: a whole one, or one of a list. */
  void begin() {
    lastFields[++depth] = 0;
  }

  void end() {
    put(Compact.STOP);
    depth--;
  }

  void i32(int field, int value) {
    head(field, Compact.I32);
    varint(zigzag(value) & 0xffff_ffffL);
  }

  void i64(int field, long value) {
    head(field, Compact.I64);
    varint(zigzag(value));
  }

  /** A number of 32 bits in five bytes, whatever its value: sizes do not depend on it. */
  void wideI32(int field, int value) {
    head(field, Compact.I32);
    long left = zigzag(value) & 0xffff_ffffL;
    for (int i = 0; i < 4; i++) {
      put((int) (left & 0x7f) | 0x80);
      left >>>= 7;
    }
    put((int) left);
  }

  void string(int field, String value) {
    head(field, Compact.BINARY);
    element(value);
  }

  /** A string of a list. */
  void element(String value) {
    byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
    varint(encoded.length);
    reserve(encoded.length);
    System.arraycopy(encoded, 0, bytes, length, encoded.length);
    length += encoded.length;
  }

  /** A number of a list. */
  void element(long value) {
    varint(zigzag(value));
  }

  /** Opens a field that is a structure. */
  void struct(int field) {
    head(field, Compact.STRUCT);
    begin();
  }

  /** Starts a field that is a list; its elements follow. */
  void list(int field, int elementType, int size) {
    head(field, Compact.LIST);
    if (size < 15) {
      put(size << 4 | elementType);
    } else {
      put(15 << 4 | elementType);
      varint(size);
    }
  }

  /** What a file ends with: the length of the footer before it, and the magic number. */
  void trailer(int footerBytes) {
    putLittleEndian(footerBytes);
    putLittleEndian(Parquet.MAGIC);
  }

  private void putLittleEndian(int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      put(value >>> shift);
    }
  }

  private void head(int field, int type) {
    // All structures of Parquet have fewer than 16 fields between two that are written.
    put((field - lastFields[depth]) << 4 | type);
    lastFields[depth] = field;
  }

  private static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  private void varint(long value) {
    long left = value;
    while ((left & ~0x7fL) != 0) {
      put((int) (left & 0x7f) | 0x80);
      left >>>= 7;
    }
    put((int) left);
  }

  private void put(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
