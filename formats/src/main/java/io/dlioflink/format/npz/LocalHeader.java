/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npz;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.UnsupportedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The local header of one member, read where it stands; refilled for each member.
 *
 * <p>Source: APPNOTE 4.3.7, 4.4, 4.5.3.
 */
final class LocalHeader {
  private static final long MISSING = -1;

  private byte[] name = new byte[64];
  private int nameBytes;

  private int flags;
  private int method;
  private int crc;
  private long compressedBytes;
  private long bytes;
  private boolean zip64;

  /** Reads the header that starts at the input's position, signature included. */
  void read(FileInput input) throws IOException {
    long offset = input.position();
    ByteBuffer fixed = input.require(Zip.LOCAL_HEADER_BYTES, "zip local header");
    int at = fixed.position();
    flags = fixed.getShort(at + 6) & 0xffff;
    method = fixed.getShort(at + 8) & 0xffff;
    crc = fixed.getInt(at + 14);
    compressedBytes = fixed.getInt(at + 18) & 0xffffffffL;
    bytes = fixed.getInt(at + 22) & 0xffffffffL;
    nameBytes = fixed.getShort(at + 26) & 0xffff;
    int extraBytes = fixed.getShort(at + 28) & 0xffff;
    fixed.position(at + Zip.LOCAL_HEADER_BYTES);
    if (name.length < nameBytes) {
      name = new byte[nameBytes];
    }
    input.require(nameBytes, "zip member name").get(name, 0, nameBytes);
    readExtra(input, extraBytes);
    if ((flags & Zip.FLAGS_ENCRYPTED) != 0) {
      throw new UnsupportedFileException(
          input.location(), offset, "zip member %s is encrypted".formatted(name()));
    }
    if (!hasDescriptor() && (compressedBytes < 0 || bytes < 0)) {
      throw new BrokenFileException(
          input.location(),
          offset,
          "zip member %s has sizes for a zip64 extra field, found none with sizes below 2^63"
              .formatted(name()));
    }
  }

  private void readExtra(FileInput input, int extraBytes) throws IOException {
    zip64 = false;
    boolean bytesInZip64 = bytes == Zip.IN_ZIP64_EXTRA;
    boolean compressedInZip64 = compressedBytes == Zip.IN_ZIP64_EXTRA;
    bytes = bytesInZip64 ? MISSING : bytes;
    compressedBytes = compressedInZip64 ? MISSING : compressedBytes;
    ByteBuffer extra = input.require(extraBytes, "zip extra field");
    int end = extra.position() + extraBytes;
    int at = extra.position();
    while (end - at >= 4) {
      int id = extra.getShort(at) & 0xffff;
      int size = extra.getShort(at + 2) & 0xffff;
      at += 4;
      if (size > end - at) {
        throw new BrokenFileException(
            input.location(),
            input.position(),
            "zip extra field %d has %d bytes, %d are left".formatted(id, size, end - at));
      }
      if (id == Zip.ZIP64_EXTRA) {
        readZip64(extra, at, size, bytesInZip64, compressedInZip64);
      }
      at += size;
    }
    extra.position(end);
  }

  /** In the extra field stand, in this order, those sizes for which the header has no room. */
  private void readZip64(
      ByteBuffer extra, int start, int size, boolean bytesHere, boolean compressedHere) {
    zip64 = true;
    int compressedAt = bytesHere ? Long.BYTES : 0;
    if (bytesHere && size >= Long.BYTES) {
      bytes = extra.getLong(start);
    }
    if (compressedHere && size >= compressedAt + Long.BYTES) {
      compressedBytes = extra.getLong(start + compressedAt);
    }
  }

  boolean isNamed(byte[] other) {
    return nameBytes == other.length && Arrays.equals(name, 0, nameBytes, other, 0, nameBytes);
  }

  String name() {
    return new String(name, 0, nameBytes, StandardCharsets.UTF_8);
  }

  int method() {
    return method;
  }

  /** Whether CRC and sizes stand behind the data instead of here. */
  boolean hasDescriptor() {
    return (flags & Zip.FLAG_DESCRIPTOR) != 0;
  }

  /** Whether the descriptor's sizes have 8 bytes. */
  boolean wideDescriptor() {
    return zip64;
  }

  int crc() {
    return crc;
  }

  long compressedBytes() {
    return compressedBytes;
  }

  long bytes() {
    return bytes;
  }
}
