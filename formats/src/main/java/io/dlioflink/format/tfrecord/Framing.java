/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * What stands around the payload of a record: its length as u64 with a CRC before it, its own CRC
 * behind it, all little-endian.
 *
 * <p>Source: TensorFlow {@code core/lib/io/record_writer.h}, {@code core/lib/hash/crc32c.h}.
 */
final class Framing {
  static final int LENGTH_BYTES = Long.BYTES;
  static final int HEADER_BYTES = LENGTH_BYTES + Integer.BYTES;
  static final int FOOTER_BYTES = Integer.BYTES;
  static final int BYTES = HEADER_BYTES + FOOTER_BYTES;

  /** Above this, the end of a record would not be a file offset. */
  static final long MAX_PAYLOAD_BYTES = 1L << 62;

  private static final int MASK_DELTA = 0xa282ead8;

  private Framing() {}

  /** The form in which a CRC-32C is stored. */
  static int masked(CRC32C crc) {
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }

  /**
   * The masked CRC of a stretch of a buffer; position and limit stay.
   *
   * @param crc scratch
   */
  static int masked(CRC32C crc, ByteBuffer bytes, int from, int to) {
    crc.reset();
    update(crc, bytes, from, to);
    return masked(crc);
  }

  /** Adds a stretch of a buffer; position and limit stay. */
  static void update(Checksum crc, ByteBuffer bytes, int from, int to) {
    int position = bytes.position();
    int limit = bytes.limit();
    bytes.limit(to).position(from);
    crc.update(bytes);
    bytes.limit(limit).position(position);
  }
}
