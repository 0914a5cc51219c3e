/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/** CRC-64/NVME, which S3 computes of every object. */
final class Crc64Nvme implements Checksum {
  private static final long POLYNOMIAL = 0x9a6c9329ac4bc9b5L;
  private static final long[][] TABLES = new long[8][256];

  static {
    for (int b = 0; b < 256; b++) {
      long crc = b;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ POLYNOMIAL;
      }
      TABLES[0][b] = crc;
    }
    for (int table = 1; table < 8; table++) {
      for (int b = 0; b < 256; b++) {
        long before = TABLES[table - 1][b];
        TABLES[table][b] = before >>> 8 ^ TABLES[0][(int) before & 0xff];
      }
    }
  }

  private long crc = ~0L;

  @Override
  public void update(int b) {
    crc = crc >>> 8 ^ TABLES[0][(int) (crc ^ b) & 0xff];
  }

  @Override
  public void update(byte[] bytes, int offset, int length) {
    update(ByteBuffer.wrap(bytes, offset, length));
  }

  @Override
  public void update(ByteBuffer buffer) {
    ByteBuffer bytes = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long state = crc;
    int at = bytes.position();
    int limit = bytes.limit();
    for (; limit - at >= 8; at += 8) {
      long word = state ^ bytes.getLong(at);
      state =
          TABLES[7][(int) word & 0xff]
              ^ TABLES[6][(int) (word >>> 8) & 0xff]
              ^ TABLES[5][(int) (word >>> 16) & 0xff]
              ^ TABLES[4][(int) (word >>> 24) & 0xff]
              ^ TABLES[3][(int) (word >>> 32) & 0xff]
              ^ TABLES[2][(int) (word >>> 40) & 0xff]
              ^ TABLES[1][(int) (word >>> 48) & 0xff]
              ^ TABLES[0][(int) (word >>> 56)];
    }
    crc = state;
    for (; at < limit; at++) {
      update(bytes.get(at));
    }
    buffer.position(limit);
  }

  @Override
  public long getValue() {
    return ~crc;
  }

  @Override
  public void reset() {
    crc = ~0L;
  }
}
