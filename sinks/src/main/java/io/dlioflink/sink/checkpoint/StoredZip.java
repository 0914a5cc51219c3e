/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A zip archive written front to back: members are stored, their data begin at multiples of {@value
 * #ALIGNMENT_BYTES} bytes behind a padded extra field, and CRC and sizes follow them.
 *
 * <p>Source: PKWARE APPNOTE.TXT 6.3.10; PyTorch {@code caffe2/serialize/inline_container.cc} for
 * the padding field {@code FB}.
 */
final class StoredZip {
  static final int ALIGNMENT_BYTES = 64;

  static final int LOCAL_HEADER = 0x04034b50;
  static final int DESCRIPTOR = 0x08074b50;
  static final int CENTRAL_HEADER = 0x02014b50;
  static final int ZIP64_END = 0x06064b50;
  static final int ZIP64_LOCATOR = 0x07064b50;
  static final int END = 0x06054b50;

  static final int LOCAL_HEADER_BYTES = 30;
  static final int CENTRAL_HEADER_BYTES = 46;
  static final int ZIP64_END_BYTES = 56;
  static final int ZIP64_LOCATOR_BYTES = 20;
  static final int END_BYTES = 22;

  static final long IN_ZIP64_EXTRA = 0xffffffffL;
  static final int ZIP64_EXTRA = 1;

  private static final int MAX_SHORT_ENTRIES = 0xfffe;
  private static final int PADDING_EXTRA = 'F' | 'B' << 8;
  private static final int EXTRA_HEADER_BYTES = 4;
  private static final int ZIP64_LOCAL_EXTRA_BYTES = EXTRA_HEADER_BYTES + 2 * Long.BYTES;

  /** Bit 3: CRC and sizes behind the data; bit 11: names are UTF-8. */
  private static final short FLAGS = 1 << 3 | 1 << 11;

  private static final short VERSION = 20;
  private static final short VERSION_ZIP64 = 45;
  private static final short FIRST_OF_JANUARY_1980 = 0x21;

  @SuppressWarnings("ArrayRecordComponent")
  private record Entry(byte[] name, long offset, long bytes, int crc) {
    boolean longSize() {
      return bytes >= IN_ZIP64_EXTRA;
    }

    boolean longOffset() {
      return offset >= IN_ZIP64_EXTRA;
    }
  }

  /** Writes the data of a member. */
  @FunctionalInterface
  interface Data {
    /** Returns the CRC-32 of what it wrote. */
    int write() throws IOException;
  }

  private final StateOutput output;
  private final List<Entry> entries = new ArrayList<>();

  StoredZip(StateOutput output) {
    this.output = output;
  }

  /** Where the data of a member begin whose header begins at an offset. */
  static long dataOffset(long headerOffset, String name, long bytes) {
    long unpadded =
        headerOffset
            + LOCAL_HEADER_BYTES
            + name.getBytes(StandardCharsets.UTF_8).length
            + (bytes >= IN_ZIP64_EXTRA ? ZIP64_LOCAL_EXTRA_BYTES : 0)
            + EXTRA_HEADER_BYTES;
    return (unpadded + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
  }

  /** Bytes of the record behind the data of a member. */
  static int descriptorBytes(long bytes) {
    return 2 * Integer.BYTES + 2 * (bytes >= IN_ZIP64_EXTRA ? Long.BYTES : Integer.BYTES);
  }

  void add(String name, byte[] bytes) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    add(
        name,
        bytes.length,
        () -> {
          output.put(bytes);
          return (int) crc.getValue();
        });
  }

  /** Adds a member of a known length. */
  void add(String name, long bytes, Data data) throws IOException {
    long offset = output.position();
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    output.put(localHeader(offset, name, nameBytes, bytes));
    int crc = data.write();
    entries.add(new Entry(nameBytes, offset, bytes, crc));
    output.put(descriptor(crc, bytes));
  }

  private static byte[] localHeader(long offset, String name, byte[] nameBytes, long bytes) {
    boolean large = bytes >= IN_ZIP64_EXTRA;
    int length = (int) (dataOffset(offset, name, bytes) - offset);
    int extra = length - LOCAL_HEADER_BYTES - nameBytes.length;
    ByteBuffer header = littleEndian(length);
    header
        .putInt(LOCAL_HEADER)
        .putShort(large ? VERSION_ZIP64 : VERSION)
        .putShort(FLAGS)
        .putShort((short) 0)
        .putShort((short) 0)
        .putShort(FIRST_OF_JANUARY_1980)
        .putInt(0)
        .putInt(large ? -1 : 0)
        .putInt(large ? -1 : 0)
        .putShort((short) nameBytes.length)
        .putShort((short) extra)
        .put(nameBytes);
    if (large) {
      header.putShort((short) ZIP64_EXTRA).putShort((short) (2 * Long.BYTES));
      header.putLong(bytes).putLong(bytes);
    }
    header.putShort((short) PADDING_EXTRA);
    header.putShort((short) (header.remaining() - Short.BYTES));
    while (header.hasRemaining()) {
      header.put((byte) 'Z');
    }
    return bytes(header);
  }

  private static byte[] descriptor(int crc, long bytes) {
    ByteBuffer descriptor = littleEndian(descriptorBytes(bytes)).putInt(DESCRIPTOR).putInt(crc);
    if (bytes >= IN_ZIP64_EXTRA) {
      descriptor.putLong(bytes).putLong(bytes);
    } else {
      descriptor.putInt((int) bytes).putInt((int) bytes);
    }
    return bytes(descriptor);
  }

  /** Writes the directory; nothing may follow. */
  void end() throws IOException {
    long directory = output.position();
    for (Entry entry : entries) {
      output.put(centralHeader(entry));
    }
    long end = output.position();
    boolean zip64 = end >= IN_ZIP64_EXTRA || entries.size() > MAX_SHORT_ENTRIES;
    if (zip64) {
      output.put(zip64End(directory, end));
    }
    output.put(
        littleEndian(END_BYTES)
            .putInt(END)
            .putInt(0)
            .putShort((short) (zip64 ? -1 : entries.size()))
            .putShort((short) (zip64 ? -1 : entries.size()))
            .putInt(zip64 ? -1 : (int) (end - directory))
            .putInt(zip64 ? -1 : (int) directory)
            .putShort((short) 0)
            .array());
  }

  private static byte[] centralHeader(Entry entry) {
    int sizes = entry.longSize() ? 2 * Long.BYTES : 0;
    int offset = entry.longOffset() ? Long.BYTES : 0;
    int extra = sizes + offset == 0 ? 0 : EXTRA_HEADER_BYTES + sizes + offset;
    short version = extra == 0 ? VERSION : VERSION_ZIP64;
    ByteBuffer header =
        littleEndian(CENTRAL_HEADER_BYTES + entry.name.length + extra)
            .putInt(CENTRAL_HEADER)
            .putShort(version)
            .putShort(version)
            .putShort(FLAGS)
            .putShort((short) 0)
            .putShort((short) 0)
            .putShort(FIRST_OF_JANUARY_1980)
            .putInt(entry.crc)
            .putInt(entry.longSize() ? -1 : (int) entry.bytes)
            .putInt(entry.longSize() ? -1 : (int) entry.bytes)
            .putShort((short) entry.name.length)
            .putShort((short) extra)
            .putShort((short) 0)
            .putShort((short) 0)
            .putShort((short) 0)
            .putInt(0)
            .putInt(entry.longOffset() ? -1 : (int) entry.offset)
            .put(entry.name);
    if (extra > 0) {
      header.putShort((short) ZIP64_EXTRA).putShort((short) (sizes + offset));
      if (entry.longSize()) {
        header.putLong(entry.bytes).putLong(entry.bytes);
      }
      if (entry.longOffset()) {
        header.putLong(entry.offset);
      }
    }
    return bytes(header);
  }

  private byte[] zip64End(long directory, long end) {
    return littleEndian(ZIP64_END_BYTES + ZIP64_LOCATOR_BYTES)
        .putInt(ZIP64_END)
        .putLong(ZIP64_END_BYTES - 12)
        .putShort(VERSION_ZIP64)
        .putShort(VERSION_ZIP64)
        .putInt(0)
        .putInt(0)
        .putLong(entries.size())
        .putLong(entries.size())
        .putLong(end - directory)
        .putLong(directory)
        .putInt(ZIP64_LOCATOR)
        .putInt(0)
        .putLong(end)
        .putInt(1)
        .array();
  }

  private static byte[] bytes(ByteBuffer full) {
    byte[] bytes = new byte[full.capacity()];
    full.get(0, bytes);
    return bytes;
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
