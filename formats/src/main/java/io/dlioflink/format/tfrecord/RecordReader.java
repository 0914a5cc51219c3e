/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/** Reads records, one after the other, and checks both CRCs of each. */
final class RecordReader {
  /** Longer messages are not parsed a second time: a parse holds them in memory. */
  private static final int MAX_PARSED_BYTES = 8 << 20;

  private final CRC32C headerCrc = new CRC32C();
  private final ExampleWalk walk = new ExampleWalk();

  /** Whether the bytes at a position are the header of a record. */
  boolean isHeader(ByteBuffer bytes, int at) {
    return storedHeaderCrc(bytes, at) == computedHeaderCrc(bytes, at);
  }

  private static int storedHeaderCrc(ByteBuffer bytes, int at) {
    return bytes.getInt(at + Framing.LENGTH_BYTES);
  }

  private int computedHeaderCrc(ByteBuffer bytes, int at) {
    return Framing.masked(headerCrc, bytes, at, at + Framing.LENGTH_BYTES);
  }

  /**
   * Reads the header of a record.
   *
   * @param record its index in the file
   * @param samples that the file must hold
   * @param origin of the offset, for the message; null if the record follows one that was read
   * @return bytes of the payload
   */
  long readHeader(RecordBytes bytes, int record, int samples, String origin) throws IOException {
    long offset = bytes.position();
    if (!bytes.window().hasRemaining() && !bytes.fill()) {
      throw bytes.broken(
          offset,
          "found %d samples, expected %d%s".formatted(record, samples, because(origin, record)));
    }
    ByteBuffer header = bytes.require(Framing.HEADER_BYTES, "header of a record");
    int at = header.position();
    if (!isHeader(header, at)) {
      throw bytes.broken(
          offset,
          "length of record %d has CRC 0x%08x, expected 0x%08x%s"
              .formatted(
                  record,
                  storedHeaderCrc(header, at),
                  computedHeaderCrc(header, at),
                  because(origin, record)));
    }
    long length = header.getLong(at);
    if (length < 0 || length > Framing.MAX_PAYLOAD_BYTES) {
      throw bytes.broken(
          offset, "record %d has %s bytes".formatted(record, Long.toUnsignedString(length)));
    }
    header.position(at + Framing.HEADER_BYTES);
    return length;
  }

  private static String because(String origin, int record) {
    return origin == null ? "" : " (%s has record %d here)".formatted(origin, record);
  }

  /**
   * Reads the payload of a record.
   *
   * @return bytes of the sample in it
   */
  long readPayload(RecordBytes bytes, int record, long length) throws IOException {
    return read(bytes, record, length, null);
  }

  /** As {@link #readPayload}, and parses it by protobuf too unless it is very large. */
  long checkPayload(RecordBytes bytes, int record, long length) throws IOException {
    if (length > MAX_PARSED_BYTES) {
      return readPayload(bytes, record, length);
    }
    long offset = bytes.position();
    ByteBuffer copy = ByteBuffer.allocate((int) length);
    long sampleBytes = read(bytes, record, length, copy);
    try {
      OptionalLong image = ExampleMessage.parse(copy.flip());
      if (image.isPresent() && image.getAsLong() != sampleBytes) {
        throw bytes.broken(
            offset,
            "record %d: found %d bytes of values under the key image, the feature has %d"
                .formatted(record, sampleBytes, image.getAsLong()));
      }
    } catch (InvalidProtocolBufferException e) {
      throw bytes.broken(
          offset, "record %d: no tf.train.Example: %s".formatted(record, e.getMessage()));
    }
    return sampleBytes;
  }

  private long read(RecordBytes bytes, int record, long length, ByteBuffer copy)
      throws IOException {
    long offset = bytes.position();
    String problem = walk.read(bytes, length, copy);
    int expected = walk.maskedCrc();
    ByteBuffer footer = bytes.require(Framing.FOOTER_BYTES, "CRC of a record");
    int found = footer.getInt();
    if (found != expected) {
      throw bytes.broken(
          offset + length,
          "record %d has CRC 0x%08x, its %d bytes have 0x%08x"
              .formatted(record, found, length, expected));
    }
    if (problem != null) {
      throw bytes.broken(offset, "record %d: %s".formatted(record, problem));
    }
    return walk.sampleBytes();
  }

  /** Passes over the payload of a record without looking at it. */
  void skipPayload(RecordBytes bytes, long length) throws IOException {
    long left = length + Framing.FOOTER_BYTES;
    while (left > 0) {
      ByteBuffer window = bytes.window();
      if (!window.hasRemaining() && !bytes.fill()) {
        throw bytes.broken(
            bytes.position(), "the file ends %d bytes before the end of a record".formatted(left));
      }
      int piece = (int) Math.min(left, window.remaining());
      window.position(window.position() + piece);
      left -= piece;
    }
  }
}
