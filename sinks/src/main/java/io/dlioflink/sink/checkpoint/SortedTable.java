/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A table of sorted keys and values in one block, without compression and shared prefixes.
 *
 * <p>Source: LevelDB {@code doc/table_format.md}, which TensorFlow's {@code core/lib/io/table}
 * follows.
 */
final class SortedTable {
  private static final long MAGIC = 0xdb4775248b80fb57L;
  private static final int FOOTER_HANDLE_BYTES = 40;
  private static final int MASK_DELTA = 0xa282ead8;

  private final Block data = new Block();
  private String lastKey = "";

  /** Adds a pair; keys come in the order of their bytes. */
  void add(String key, byte[] value) {
    data.add(key, value);
    lastKey = key;
  }

  byte[] toBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] dataHandle = append(out, data);
    byte[] metaHandle = append(out, new Block());
    Block index = new Block();
    index.add(lastKey, dataHandle);
    byte[] indexHandle = append(out, index);
    out.writeBytes(metaHandle);
    out.writeBytes(indexHandle);
    int handles = metaHandle.length + indexHandle.length;
    out.writeBytes(new byte[FOOTER_HANDLE_BYTES - handles]);
    fixed(out, MAGIC, Long.BYTES);
    return out.toByteArray();
  }

  /** Appends a block with its type and checksum; returns where it is. */
  private static byte[] append(ByteArrayOutputStream out, Block block) {
    byte[] bytes = block.toBytes();
    ByteArrayOutputStream handle = new ByteArrayOutputStream();
    varint(handle, out.size());
    varint(handle, bytes.length);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    crc.update(0);
    out.writeBytes(bytes);
    out.write(0);
    fixed(out, masked((int) crc.getValue()), Integer.BYTES);
    return handle.toByteArray();
  }

  /** A CRC stored within what CRCs are computed over. */
  static int masked(int crc) {
    return Integer.rotateRight(crc, 15) + MASK_DELTA;
  }

  static void varint(ByteArrayOutputStream out, long value) {
    long left = value;
    while ((left & ~0x7fL) != 0) {
      out.write((int) ((left & 0x7f) | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
  }

  static void fixed(ByteArrayOutputStream out, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> (Byte.SIZE * i)));
    }
  }

  private static final class Block {
    private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
    private final List<Integer> restarts = new ArrayList<>();

    void add(String key, byte[] value) {
      byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
      restarts.add(entries.size());
      varint(entries, 0);
      varint(entries, keyBytes.length);
      varint(entries, value.length);
      entries.writeBytes(keyBytes);
      entries.writeBytes(value);
    }

    byte[] toBytes() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(entries.toByteArray());
      if (restarts.isEmpty()) {
        restarts.add(0);
      }
      restarts.forEach(restart -> fixed(out, restart, Integer.BYTES));
      fixed(out, restarts.size(), Integer.BYTES);
      return out.toByteArray();
    }
  }
}
