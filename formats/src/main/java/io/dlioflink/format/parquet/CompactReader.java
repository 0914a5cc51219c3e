/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads structures in Thrift's compact protocol from where the input stands. A structure is read
 * field by field: {@link #nextField} until it returns {@link #STOP}, and one call for the value of
 * each. Nothing is allocated but strings, whatever the lengths in the file say.
 *
 * <p>Source: Apache Thrift {@code doc/specs/thrift-compact-protocol.md}.
 */
final class CompactReader {
  /** In place of a field: the structure ends. */
  static final int STOP = 0;

  /** Deeper nesting than any structure of Parquet. */
  private static final int MAX_DEPTH = 32;

  private static final int MAX_STRING_BYTES = 4096;

  private FileInput input;
  private String structure;
  private int type;
  private int field;

  /**
   * Starts at the input's position.
   *
   * @param name of the structure, for messages
   */
  void start(FileInput from, String name) {
    input = from;
    structure = name;
  }

  /**
   * Reads the head of a field.
   *
   * @param previous id of the field before it, 0 for the first
   * @return its id, or {@link #STOP}
   */
  int nextField(int previous) throws IOException {
    int head = nextByte();
    type = head & 0x0f;
    if (type == Compact.STOP) {
      return STOP;
    }
    int delta = head >>> 4;
    field = delta == 0 ? (short) unzigzag(varint()) : previous + delta;
    if (field <= 0 || field > Short.MAX_VALUE) {
      throw broken("field %d, expected a positive one".formatted(field));
    }
    return field;
  }

  /** The value of a boolean field. */
  boolean bool() throws IOException {
    if (type != Compact.TRUE && type != Compact.FALSE) {
      throw wrongType("a boolean");
    }
    return type == Compact.TRUE;
  }

  /** The value of a field of 32 bits. */
  int i32() throws IOException {
    requireType(Compact.I32, "a 32-bit integer");
    return (int) unzigzag(varint());
  }

  /** The value of a field of 64 bits. */
  long i64() throws IOException {
    requireType(Compact.I64, "a 64-bit integer");
    return unzigzag(varint());
  }

  /** Likewise, as something that is counted: not negative. */
  int count32() throws IOException {
    int value = i32();
    requireCount(value);
    return value;
  }

  /** Likewise. */
  long count64() throws IOException {
    long value = i64();
    requireCount(value);
    return value;
  }

  private void requireCount(long value) throws IOException {
    if (value < 0) {
      throw broken("field %d is %d, expected 0 or more".formatted(field, value));
    }
  }

  /** The value of a string field. */
  String string() throws IOException {
    requireType(Compact.BINARY, "a string");
    long length = varint();
    if (length < 0 || length > MAX_STRING_BYTES) {
      throw broken("a string of %d bytes, expected at most %d".formatted(length, MAX_STRING_BYTES));
    }
    byte[] bytes = new byte[(int) length];
    input.require(bytes.length, structure).get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Requires that the field is a structure; its fields follow. */
  void struct() throws IOException {
    requireType(Compact.STRUCT, "a structure");
  }

  /**
   * Requires that the field is a list of structures, which follow.
   *
   * @return how many, as the file says
   */
  int structs() throws IOException {
    return list(Compact.STRUCT, "structures");
  }

  /** Requires that the field is a list of numbers of 64 bits, for {@link #nextI64}. */
  int i64s() throws IOException {
    return list(Compact.I64, "64-bit integers");
  }

  /** The next number of a list. */
  long nextI64() throws IOException {
    return unzigzag(varint());
  }

  private int list(int elementType, String elements) throws IOException {
    requireType(Compact.LIST, "a list");
    int head = nextByte();
    int size = listSize(head);
    if (size > 0 && (head & 0x0f) != elementType) {
      throw broken("field %d lists type %d, expected %s".formatted(field, head & 0x0f, elements));
    }
    return size;
  }

  private int listSize(int head) throws IOException {
    int small = head >>> 4;
    long size = small == 15 ? varint() : small;
    if (size < 0 || size > Integer.MAX_VALUE) {
      throw broken("a list of %d elements".formatted(size));
    }
    return (int) size;
  }

  /** Passes over the value of the field. */
  void skip() throws IOException {
    if (type != Compact.TRUE && type != Compact.FALSE) {
      skip(type, 0);
    }
  }

  private void skip(int skipped, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw broken("structures nested deeper than " + MAX_DEPTH);
    }
    switch (skipped) {
      case Compact.TRUE, Compact.FALSE, Compact.BYTE -> nextByte();
      case Compact.I16, Compact.I32, Compact.I64 -> varint();
      case Compact.DOUBLE -> input.skip(Double.BYTES, structure);
      case Compact.BINARY -> skipBinary();
      case Compact.LIST, Compact.SET -> skipList(depth);
      case Compact.MAP -> skipMap(depth);
      case Compact.STRUCT -> skipStruct(depth);
      case Compact.UUID -> input.skip(16, structure);
      default -> throw broken("field %d of type %d".formatted(field, skipped));
    }
  }

  private void skipBinary() throws IOException {
    long length = varint();
    if (length < 0 || length > Integer.MAX_VALUE) {
      throw broken("a string of %d bytes".formatted(length));
    }
    input.skip(length, structure);
  }

  private void skipList(int depth) throws IOException {
    int head = nextByte();
    int size = listSize(head);
    for (int i = 0; i < size; i++) {
      skip(head & 0x0f, depth + 1);
    }
  }

  private void skipMap(int depth) throws IOException {
    long size = varint();
    if (size < 0 || size > Integer.MAX_VALUE) {
      throw broken("a map of %d entries".formatted(size));
    }
    int types = size == 0 ? 0 : nextByte();
    for (long i = 0; i < size; i++) {
      skip(types >>> 4, depth + 1);
      skip(types & 0x0f, depth + 1);
    }
  }

  private void skipStruct(int depth) throws IOException {
    int previous = 0;
    int next;
    while ((next = nextField(previous)) != STOP) {
      previous = next;
      if (type != Compact.TRUE && type != Compact.FALSE) {
        skip(type, depth + 1);
      }
    }
  }

  private void requireType(int expected, String what) throws IOException {
    if (type != expected) {
      throw wrongType(what);
    }
  }

  private BrokenFileException wrongType(String expected) {
    return broken("field %d has type %d, expected %s".formatted(field, type, expected));
  }

  private static long unzigzag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }

  private long varint() throws IOException {
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

  private int nextByte() throws IOException {
    ByteBuffer window = input.window();
    if (!window.hasRemaining() && !input.fill()) {
      throw broken("the bytes that may belong to it end");
    }
    return window.get() & 0xff;
  }

  /** What is wrong with the structure being read, at the input's position. */
  BrokenFileException broken(String problem) {
    return new BrokenFileException(input.location(), input.position(), structure + ": " + problem);
  }
}
