/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.jhdf.checksum.ChecksumUtils;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Collects the messages of an object header of version 2. Room that is left is a NIL message, as
 * the HDF5 library leaves it.
 *
 * <p>Source: HDF5 File Format Specification 3.0, section IV.A.1.b.
 */
final class ObjectHeaderWriter {
  private static final byte[] SIGNATURE = {'O', 'H', 'D', 'R'};
  private static final int MESSAGE_HEADER_BYTES = 4;

  private final int roomBytes;
  private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

  /**
   * @param roomBytes bytes of all messages, unless they need more
   */
  ObjectHeaderWriter(int roomBytes) {
    this.roomBytes = roomBytes;
  }

  ObjectHeaderWriter add(int type, int flags, ByteBuffer body) {
    int length = body.remaining();
    if (length > 0xffff) {
      throw new IllegalArgumentException("Message of " + length + " bytes");
    }
    messages.write(type);
    messages.write(length);
    messages.write(length >>> 8);
    messages.write(flags);
    byte[] bytes = new byte[length];
    body.get(bytes);
    messages.writeBytes(bytes);
    return this;
  }

  byte[] bytes() {
    int used = messages.size();
    int room = Math.max(roomBytes, used);
    int sizeBits = room < 1 << 8 ? 0 : room < 1 << 16 ? 1 : 2;
    ByteBuffer header =
        ByteBuffer.allocate(SIGNATURE.length + 2 + (1 << sizeBits) + room + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    header.put(SIGNATURE).put((byte) 2).put((byte) sizeBits);
    for (int i = 0; i < 1 << sizeBits; i++) {
      header.put((byte) (room >>> (8 * i)));
    }
    header.put(messages.toByteArray());
    int left = room - used;
    if (left >= MESSAGE_HEADER_BYTES) {
      header.put((byte) 0).putShort((short) (left - MESSAGE_HEADER_BYTES));
    }
    int end = header.capacity() - Integer.BYTES;
    header.putInt(end, checksum(header.array(), end));
    return header.array();
  }

  /** Jenkins' lookup3 over the first bytes. */
  static int checksum(byte[] bytes, int length) {
    return ChecksumUtils.checksum(java.util.Arrays.copyOf(bytes, length));
  }
}
