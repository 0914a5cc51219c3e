/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npz;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.npy.NpyHeader;
import io.dlioflink.workload.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The records around the members of an archive, byte for byte as CPython's zipfile writes them for
 * {@code numpy.savez}: zip64 sizes in every local header, time stamp 1980-01-01.
 *
 * <p>Source: CPython {@code zipfile.ZipInfo.FileHeader}, {@code ZipFile._write_end_record}; {@code
 * numpy.savez} opens members with {@code force_zip64=True}.
 */
final class NpzLayout {
  static final String X = "x.npy";
  static final String Y = "y.npy";

  /** Local header with its name and extra field. */
  static final int MEMBER_HEADER_BYTES = Zip.LOCAL_HEADER_BYTES + 5 + 20;

  private static final int DESCRIPTOR_BYTES = 24;
  private static final short VERSION_ZIP64 = 45;
  private static final byte UNIX = 3;
  private static final short FIRST_OF_JANUARY_1980 = 0x21;
  private static final int OWNER_READ_WRITE = 0600 << 16;
  private static final int MAX_TRAILER_BYTES =
      2 * (Zip.CENTRAL_HEADER_BYTES + 5 + 28)
          + Zip.ZIP64_END_BYTES
          + Zip.ZIP64_LOCATOR_BYTES
          + Zip.END_BYTES;

  /** A member that is complete. */
  record Member(
      String name, long offset, int flags, int method, int crc, long compressedBytes, long bytes) {}

  private NpzLayout() {}

  /** The header of the array of labels. */
  static byte[] labelsHeader(FileSpec file) {
    return NpyHeader.bytes(ElementType.INT64, List.of(file.samples()));
  }

  /** The size of a file with stored members. */
  static long lengthBytes(FileSpec file, long zip64Limit) {
    long x = Math.addExact(NpyHeader.ofSamples(file).length, file.payloadBytes());
    long y = labelsHeader(file).length + (long) Long.BYTES * file.samples();
    Member memberX = stored(X, 0, 0, x);
    Member memberY = stored(Y, MEMBER_HEADER_BYTES + x, 0, y);
    long directory = memberY.offset + MEMBER_HEADER_BYTES + y;
    return directory + trailer(List.of(memberX, memberY), directory, zip64Limit).length;
  }

  static Member stored(String name, long offset, int crc, long bytes) {
    return new Member(name, offset, 0, Zip.STORED, crc, bytes, bytes);
  }

  /**
   * The local header of a member (APPNOTE 4.3.7). With a data descriptor, CRC and sizes are zero.
   */
  static byte[] memberHeader(Member member) {
    return littleEndian(MEMBER_HEADER_BYTES)
        .putInt(Zip.LOCAL_HEADER)
        .putShort(VERSION_ZIP64)
        .putShort((short) member.flags)
        .putShort((short) member.method)
        .putShort((short) 0)
        .putShort(FIRST_OF_JANUARY_1980)
        .putInt(member.crc)
        .putInt(-1)
        .putInt(-1)
        .putShort((short) member.name.length())
        .putShort((short) 20)
        .put(member.name.getBytes(StandardCharsets.US_ASCII))
        .putShort((short) Zip.ZIP64_EXTRA)
        .putShort((short) 16)
        .putLong(member.bytes)
        .putLong(member.compressedBytes)
        .array();
  }

  /** What follows a member whose header did not know (APPNOTE 4.3.9), with zip64 sizes. */
  static byte[] descriptor(Member member) {
    return littleEndian(DESCRIPTOR_BYTES)
        .putInt(Zip.DATA_DESCRIPTOR)
        .putInt(member.crc)
        .putLong(member.compressedBytes)
        .putLong(member.bytes)
        .array();
  }

  /** Central directory and end records. */
  static byte[] trailer(List<Member> members, long directoryOffset, long zip64Limit) {
    ByteBuffer trailer = littleEndian(MAX_TRAILER_BYTES);
    for (Member member : members) {
      putCentralHeader(trailer, member, zip64Limit);
    }
    int directoryBytes = trailer.position();
    int count = members.size();
    if (directoryOffset > zip64Limit) {
      trailer
          .putInt(Zip.ZIP64_END)
          .putLong(Zip.ZIP64_END_BYTES - 12)
          .putShort(VERSION_ZIP64)
          .putShort(VERSION_ZIP64)
          .putInt(0)
          .putInt(0)
          .putLong(count)
          .putLong(count)
          .putLong(directoryBytes)
          .putLong(directoryOffset)
          .putInt(Zip.ZIP64_LOCATOR)
          .putInt(0)
          .putLong(directoryOffset + directoryBytes)
          .putInt(1);
    }
    trailer
        .putInt(Zip.END)
        .putInt(0)
        .putShort((short) count)
        .putShort((short) count)
        .putInt(directoryBytes)
        .putInt((int) Math.min(directoryOffset, 0xffffffffL))
        .putShort((short) 0);
    byte[] bytes = new byte[trailer.position()];
    trailer.get(0, bytes);
    return bytes;
  }

  private static void putCentralHeader(ByteBuffer trailer, Member member, long zip64Limit) {
    boolean longSizes = member.bytes > zip64Limit || member.compressedBytes > zip64Limit;
    boolean longOffset = member.offset > zip64Limit;
    int extraBytes = (longSizes ? 16 : 0) + (longOffset ? 8 : 0);
    trailer
        .putInt(Zip.CENTRAL_HEADER)
        .put((byte) VERSION_ZIP64)
        .put(UNIX)
        .putShort(VERSION_ZIP64)
        .putShort((short) member.flags)
        .putShort((short) member.method)
        .putShort((short) 0)
        .putShort(FIRST_OF_JANUARY_1980)
        .putInt(member.crc)
        .putInt(longSizes ? -1 : (int) member.compressedBytes)
        .putInt(longSizes ? -1 : (int) member.bytes)
        .putShort((short) member.name.length())
        .putShort((short) (extraBytes == 0 ? 0 : 4 + extraBytes))
        .putShort((short) 0)
        .putShort((short) 0)
        .putShort((short) 0)
        .putInt(OWNER_READ_WRITE)
        .putInt(longOffset ? -1 : (int) member.offset)
        .put(member.name.getBytes(StandardCharsets.US_ASCII));
    if (extraBytes > 0) {
      trailer.putShort((short) Zip.ZIP64_EXTRA).putShort((short) extraBytes);
      if (longSizes) {
        trailer.putLong(member.bytes).putLong(member.compressedBytes);
      }
      if (longOffset) {
        trailer.putLong(member.offset);
      }
    }
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
