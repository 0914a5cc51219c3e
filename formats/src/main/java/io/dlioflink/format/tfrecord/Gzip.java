/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

/**
 * Numbers of the gzip and zlib formats.
 *
 * <p>Sources: RFC 1952, section 2.3; RFC 1950, section 2.2.
 */
final class Gzip {
  static final byte ID1 = 0x1f;
  static final byte ID2 = (byte) 0x8b;
  static final byte DEFLATED = 8;
  static final int HEADER_BYTES = 10;
  static final int TRAILER_BYTES = 8;

  static final int FLAG_HEADER_CRC = 1 << 1;
  static final int FLAG_EXTRA = 1 << 2;
  static final int FLAG_NAME = 1 << 3;
  static final int FLAG_COMMENT = 1 << 4;
  static final int FLAGS_RESERVED = 0xe0;

  /** The operating system field: Unix. */
  static final byte UNIX = 3;

  private Gzip() {}

  /** Whether a file that starts with these bytes is a gzip file. */
  static boolean startsGzip(byte first, byte second, byte third) {
    return first == ID1 && second == ID2 && third == DEFLATED;
  }

  /** Whether a file that starts with these bytes is a zlib stream. */
  static boolean startsZlib(byte first, byte second) {
    boolean deflated = (first & 0x0f) == DEFLATED && (first & 0xff) >>> 4 <= 7;
    return deflated && (((first & 0xff) << 8) | (second & 0xff)) % 31 == 0;
  }
}
