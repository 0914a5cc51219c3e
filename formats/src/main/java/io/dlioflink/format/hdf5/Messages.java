/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.dlioflink.workload.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Bodies of the object header messages jHDF does not write, or writes otherwise than the HDF5
 * library: dataspaces with a maximum, types with a fixed byte order and half floats, fill values
 * with the allocation time, links without a character set. Byte for byte those of HDF5 2.0.
 *
 * <p>Source: HDF5 File Format Specification 3.0, sections IV.A.2.b to IV.A.2.k.
 */
final class Messages {
  static final int DATASPACE = 0x01;
  static final int LINK_INFO = 0x02;
  static final int DATATYPE = 0x03;
  static final int FILL_VALUE = 0x05;
  static final int LINK = 0x06;
  static final int DATA_LAYOUT = 0x08;
  static final int GROUP_INFO = 0x0a;
  static final int FILTER_PIPELINE = 0x0b;
  static final int CONTINUATION = 0x10;
  static final int SYMBOL_TABLE = 0x11;

  /** Flag of messages that do not change during the life of the object. */
  static final int CONSTANT = 0x01;

  /** Space is taken when data are written, fill values are written if the user set one. */
  private static final byte CONTIGUOUS_FILL = 0x0a;

  /** The same, chunk by chunk. */
  private static final byte CHUNKED_FILL = 0x0b;

  private Messages() {}

  /** Version 2, with maximum sizes. */
  static ByteBuffer dataspace(List<Integer> dims, List<Integer> maxDims) {
    ByteBuffer body = buffer(4 + 2 * Long.BYTES * dims.size());
    body.put((byte) 2).put((byte) dims.size()).put((byte) 1).put((byte) 1);
    dims.forEach(dim -> body.putLong(dim));
    maxDims.forEach(dim -> body.putLong(dim));
    return body.flip();
  }

  /** Version 1, little-endian. */
  static ByteBuffer datatype(ElementType type) {
    int bits = 8 * type.bytes();
    if (!type.floating()) {
      ByteBuffer body = buffer(12);
      boolean signed = !type.yamlName().startsWith("u");
      body.put((byte) 0x10).put((byte) (signed ? 0x08 : 0)).putShort((short) 0);
      return body.putInt(type.bytes()).putShort((short) 0).putShort((short) bits).flip();
    }
    int exponentBits = type.bytes() == 2 ? 5 : type.bytes() == 4 ? 8 : 11;
    int mantissaBits = bits - 1 - exponentBits;
    ByteBuffer body = buffer(20);
    // Implied leading 1 of the mantissa, sign in the highest bit.
    body.put((byte) 0x11).put((byte) 0x20).put((byte) (bits - 1)).put((byte) 0);
    body.putInt(type.bytes()).putShort((short) 0).putShort((short) bits);
    body.put((byte) mantissaBits).put((byte) exponentBits).put((byte) 0).put((byte) mantissaBits);
    return body.putInt((1 << (exponentBits - 1)) - 1).flip();
  }

  /** Version 3, no value: zeros. */
  static ByteBuffer fillValue(boolean chunked) {
    return buffer(2).put((byte) 3).put(chunked ? CHUNKED_FILL : CONTIGUOUS_FILL).flip();
  }

  /**
   * Version 0, with the number of links up to which they stand in the header.
   *
   * @param links that number
   */
  static ByteBuffer groupInfo(int links) {
    return buffer(6).put((byte) 0).put((byte) 1).putShort((short) links).putShort((short) 0).flip();
  }

  /** A hard link. */
  static ByteBuffer link(String name, long address) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer body = buffer(3 + bytes.length + Long.BYTES);
    body.put((byte) 1).put((byte) 0).put((byte) bytes.length).put(bytes);
    return body.putLong(address).flip();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
