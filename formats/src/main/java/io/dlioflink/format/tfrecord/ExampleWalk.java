/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Goes through a {@code tf.train.Example} of any size as its bytes pass, without making objects of
 * them, and adds each byte to the CRC of the record. Names of features other than {@code image} and
 * the contents of lists are not looked at.
 *
 * <p>Sources: Protocol Buffers, "Encoding"; TensorFlow {@code core/example/feature.proto}.
 */
final class ExampleWalk {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;
  private static final int MAX_VARINT_BYTES = 10;

  private final CRC32C crc = new CRC32C();

  private RecordBytes source;
  private ByteBuffer window;

  /** Where in the window the bytes begin that are not yet in the CRC. */
  private int passedFrom;

  /** Unread bytes of the message. A nested message ends when as many are left as at its end. */
  private long left;

  private ByteBuffer copy;

  private boolean imageFound;
  private long imageBytes;
  private long valueBytes;

  /** The message is not one. */
  private static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * Reads a message.
   *
   * @param bytes stand at its first byte
   * @param length of the message
   * @param copyTo takes a copy of the message, if not null
   * @return what is wrong with it; null if nothing is. It has been read to its end in any case.
   */
  String read(RecordBytes bytes, long length, ByteBuffer copyTo) throws IOException {
    source = bytes;
    window = bytes.window();
    passedFrom = window.position();
    left = length;
    copy = copyTo;
    crc.reset();
    imageFound = false;
    imageBytes = 0;
    valueBytes = 0;
    String problem = null;
    try {
      readExample();
    } catch (MalformedException e) {
      problem = e.getMessage();
      skipTo(0);
    }
    pass();
    return problem;
  }

  /** CRC of the last message, as it is stored. */
  int maskedCrc() {
    return Framing.masked(crc);
  }

  /** Bytes of the feature {@code image} of the last message, else of all values of all features. */
  long sampleBytes() {
    return imageFound ? imageBytes : valueBytes;
  }

  private void readExample() throws IOException, MalformedException {
    while (left > 0) {
      int tag = readTag(0);
      if (tag == tag(1, LENGTH_DELIMITED)) {
        readFeatures(readEnd(0));
      } else {
        skipField(tag, 0);
      }
    }
  }

  private void readFeatures(long end) throws IOException, MalformedException {
    while (left > end) {
      int tag = readTag(end);
      if (tag == tag(1, LENGTH_DELIMITED)) {
        readEntry(readEnd(end));
      } else {
        skipField(tag, end);
      }
    }
  }

  private void readEntry(long end) throws IOException, MalformedException {
    long before = valueBytes;
    boolean image = false;
    while (left > end) {
      int tag = readTag(end);
      if (tag == tag(1, LENGTH_DELIMITED)) {
        image = readKey(readEnd(end));
      } else if (tag == tag(2, LENGTH_DELIMITED)) {
        readFeature(readEnd(end));
      } else {
        skipField(tag, end);
      }
    }
    if (image) {
      imageFound = true;
      imageBytes += valueBytes - before;
    }
  }

  /** Whether the key is that of the image. */
  private boolean readKey(long end) throws IOException {
    boolean equal = left - end == ExampleLayout.IMAGE.length();
    for (int i = 0; equal && left > end; i++) {
      equal = readByte() == ExampleLayout.IMAGE.charAt(i);
    }
    skipTo(end);
    return equal;
  }

  /** A list of bytes, floats or integers, in a field of its own each. */
  private void readFeature(long end) throws IOException, MalformedException {
    while (left > end) {
      int tag = readTag(end);
      if (tag >= tag(1, LENGTH_DELIMITED)
          && tag <= tag(3, LENGTH_DELIMITED)
          && (tag & 7) == LENGTH_DELIMITED) {
        readList(readEnd(end));
      } else {
        skipField(tag, end);
      }
    }
  }

  /** Values, or numbers packed into one value. */
  private void readList(long end) throws IOException, MalformedException {
    while (left > end) {
      int tag = readTag(end);
      if (tag == tag(1, LENGTH_DELIMITED)) {
        long valueEnd = readEnd(end);
        valueBytes += left - valueEnd;
        skipTo(valueEnd);
      } else {
        long start = left;
        skipField(tag, end);
        valueBytes += tag >>> 3 == 1 ? start - left : 0;
      }
    }
  }

  private static int tag(int field, int wireType) {
    return (field << 3) | wireType;
  }

  private void skipField(int tag, long end) throws IOException, MalformedException {
    switch (tag & 7) {
      case VARINT -> readVarint(end);
      case FIXED64 -> skipFixed(Long.BYTES, end);
      case LENGTH_DELIMITED -> skipTo(readEnd(end));
      case FIXED32 -> skipFixed(Integer.BYTES, end);
      default -> throw malformed("field %d of wire type %d".formatted(tag >>> 3, tag & 7));
    }
  }

  private void skipFixed(int bytes, long end) throws IOException, MalformedException {
    if (bytes > left - end) {
      throw malformed("a number of %d bytes in %d".formatted(bytes, left - end));
    }
    skipTo(left - bytes);
  }

  private int readTag(long end) throws IOException, MalformedException {
    long tag = readVarint(end);
    if (tag >>> 3 == 0 || tag >>> 32 != 0) {
      throw malformed("tag 0x%x".formatted(tag));
    }
    return (int) tag;
  }

  /** Reads the length of a field; returns what will be left at its end. */
  private long readEnd(long end) throws IOException, MalformedException {
    long length = readVarint(end);
    if (length < 0 || length > left - end) {
      throw malformed(
          "a field of %s bytes in %d".formatted(Long.toUnsignedString(length), left - end));
    }
    return left - length;
  }

  private long readVarint(long end) throws IOException, MalformedException {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      if (left <= end) {
        throw malformed("a varint without end");
      }
      int next = readByte();
      value |= (long) (next & 0x7f) << (7 * i);
      if (next < 0x80) {
        return value;
      }
    }
    throw malformed("a varint of more than %d bytes".formatted(MAX_VARINT_BYTES));
  }

  private MalformedException malformed(String what) {
    return new MalformedException(
        "no tf.train.Example: %s, %d bytes before its end".formatted(what, left));
  }

  private int readByte() throws IOException {
    if (!window.hasRemaining()) {
      refill();
    }
    left--;
    return window.get() & 0xff;
  }

  private void skipTo(long end) throws IOException {
    while (left > end) {
      if (!window.hasRemaining()) {
        refill();
      }
      int piece = (int) Math.min(left - end, window.remaining());
      window.position(window.position() + piece);
      left -= piece;
    }
  }

  private void refill() throws IOException {
    pass();
    if (!source.fill()) {
      throw source.broken(
          source.position(), "the file ends %d bytes before the end of a record".formatted(left));
    }
    window = source.window();
    passedFrom = window.position();
  }

  /** Adds what has been read of the window to the CRC. */
  private void pass() {
    int end = window.position();
    Framing.update(crc, window, passedFrom, end);
    if (copy != null) {
      copy.put(copy.position(), window, passedFrom, end - passedFrom);
      copy.position(copy.position() + end - passedFrom);
    }
    passedFrom = end;
  }
}
