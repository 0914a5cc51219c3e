/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npz;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.UnsupportedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Goes through the members of an archive from its first byte, without the central directory, which
 * stands at the end.
 *
 * <p>Source: APPNOTE 4.3.6, 4.3.9.
 */
final class MemberWalk {
  final LocalHeader header = new LocalHeader();
  final Inflation inflation = new Inflation();

  private int descriptorCrc;
  private long descriptorCompressedBytes;
  private long descriptorBytes;

  /** The signature of the record at the input's position, which stays. */
  static int signature(FileInput input) throws IOException {
    ByteBuffer bytes = input.require(Integer.BYTES, "zip record signature");
    return bytes.getInt(bytes.position());
  }

  static BrokenFileException unexpected(FileInput input, int signature, String expected) {
    return new BrokenFileException(
        input.location(),
        input.position(),
        "found zip record signature 0x%08x, expected %s".formatted(signature, expected));
  }

  /**
   * Passes over the data of the member whose header was read last.
   *
   * @param most give up if there are more bytes than this, to within a buffer's length
   * @return false if it gave up; the position is undefined then
   * @throws UnsupportedFileException if only the central directory tells where they end
   */
  boolean skip(FileInput input, long most) throws IOException {
    if (!header.hasDescriptor()) {
      if (header.compressedBytes() > most) {
        return false;
      }
      input.skip(header.compressedBytes(), "zip member data");
      return true;
    }
    if (header.method() != Zip.DEFLATED) {
      throw new UnsupportedFileException(
          input.location(),
          input.position(),
          "zip member %s has compression method %d and its size behind the data"
              .formatted(header.name(), header.method()));
    }
    inflation.start(input, header.name(), Long.MAX_VALUE);
    while (!inflation.finished()) {
      if (inflation.consumed() > most) {
        return false;
      }
      inflation.next();
    }
    readDescriptor(input);
    return true;
  }

  /** Reads the data descriptor at the input's position; its signature is optional. */
  private void readDescriptor(FileInput input) throws IOException {
    if (signature(input) == Zip.DATA_DESCRIPTOR) {
      input.skip(Integer.BYTES, "zip data descriptor");
    }
    boolean wide = header.wideDescriptor();
    int length = wide ? 20 : 12;
    ByteBuffer bytes = input.require(length, "zip data descriptor");
    int at = bytes.position();
    descriptorCrc = bytes.getInt(at);
    descriptorCompressedBytes = wide ? bytes.getLong(at + 4) : bytes.getInt(at + 4) & 0xffffffffL;
    descriptorBytes = wide ? bytes.getLong(at + 12) : bytes.getInt(at + 8) & 0xffffffffL;
    bytes.position(at + length);
  }

  /**
   * Compares what was read of the member with what its header or data descriptor says; the input
   * stands behind the data.
   */
  void requireEqual(FileInput input, int crc, long compressedBytes, long bytes) throws IOException {
    long offset = input.position();
    String source = header.hasDescriptor() ? "its data descriptor" : "its local header";
    int expectedCrc = header.crc();
    long expectedCompressed = header.compressedBytes();
    long expectedBytes = header.bytes();
    if (header.hasDescriptor()) {
      readDescriptor(input);
      expectedCrc = descriptorCrc;
      expectedCompressed = descriptorCompressedBytes;
      expectedBytes = descriptorBytes;
    }
    if (crc != expectedCrc) {
      throw new BrokenFileException(
          input.location(),
          offset,
          "zip member %s has CRC-32 0x%08x, %s says 0x%08x"
              .formatted(header.name(), crc, source, expectedCrc));
    }
    if (bytes != expectedBytes || compressedBytes != expectedCompressed) {
      throw new BrokenFileException(
          input.location(),
          offset,
          "zip member %s has %d bytes in %d, %s says %d in %d"
              .formatted(
                  header.name(),
                  bytes,
                  compressedBytes,
                  source,
                  expectedBytes,
                  expectedCompressed));
    }
  }

  void close() {
    inflation.close();
  }
}
