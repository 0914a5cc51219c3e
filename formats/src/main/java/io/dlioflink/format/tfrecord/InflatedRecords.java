/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.DatasetFile;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.UnsupportedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The records of a gzip or zlib file, inflated front to back. Between two visits to a file it keeps
 * what it has not used of the last chunk, so that a file that is read in order is read once.
 *
 * <p>Sources: RFC 1950, RFC 1952; TensorFlow {@code core/lib/io/zlib_inputstream.cc}.
 */
final class InflatedRecords implements RecordBytes {
  private static final int BUFFER_BYTES = 1 << 17;

  private final boolean gzip;
  private final Inflater inflater;
  private final ByteBuffer inflated =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).flip();
  private final CRC32 crc = new CRC32();

  /** Compressed bytes left over from the last visit. */
  private ByteBuffer rest = ByteBuffer.allocateDirect(0);

  /** Offset in the file of the byte behind them. */
  private long restEnd;

  private FileInput input;

  /** Null if the state belongs to no file. */
  private DatasetFile file;

  private int record;
  private long inflatedEnd;
  private long memberInflatedBytes;
  private boolean ended;

  /**
   * A stream for one file after the other.
   *
   * @param gzip whether they are gzip files; else zlib
   */
  InflatedRecords(boolean gzip) {
    this.gzip = gzip;
    this.inflater = new Inflater(gzip);
  }

  /** Goes on with a file, if it is the one that was left before a record; else starts it anew. */
  void enter(FileInput from, int firstRecord) throws IOException {
    if (from.file().equals(file) && record <= firstRecord) {
      input = from;
      file = null;
      input.seek(restEnd, Long.MAX_VALUE);
    } else {
      restart(from);
    }
  }

  /** Starts with the first record of a file. */
  void restart(FileInput from) throws IOException {
    input = from;
    file = null;
    input.seek(0, Long.MAX_VALUE);
    rest.limit(0);
    record = 0;
    inflatedEnd = 0;
    inflated.limit(0);
    beginMember();
  }

  /** The index of the record at the position. */
  int record() {
    return record;
  }

  /** Is told that a record was passed. */
  void passed() {
    record++;
  }

  /** Keeps what is needed to go on with this file later. Not called after a failure. */
  void leave() {
    if (!rest.hasRemaining()) {
      ByteBuffer window = input.window();
      if (rest.capacity() < window.remaining()) {
        rest = ByteBuffer.allocateDirect(window.capacity());
      }
      rest.clear().put(window).flip();
      restEnd = input.position();
    }
    file = input.file();
  }

  private void beginMember() throws IOException {
    ended = false;
    memberInflatedBytes = 0;
    crc.reset();
    inflater.reset();
    if (gzip) {
      readHeader();
    }
  }

  private void readHeader() throws IOException {
    byte id1 = (byte) nextByte();
    byte id2 = (byte) nextByte();
    byte method = (byte) nextByte();
    int flags = nextByte();
    if (!Gzip.startsGzip(id1, id2, method)) {
      throw brokenHere("no gzip header");
    }
    if ((flags & Gzip.FLAGS_RESERVED) != 0) {
      throw new UnsupportedFileException(
          input.location(), compressedPosition(), "gzip flags 0x%02x".formatted(flags));
    }
    skip(6);
    if ((flags & Gzip.FLAG_EXTRA) != 0) {
      skip(nextByte() | (nextByte() << 8));
    }
    if ((flags & Gzip.FLAG_NAME) != 0) {
      skipText();
    }
    if ((flags & Gzip.FLAG_COMMENT) != 0) {
      skipText();
    }
    if ((flags & Gzip.FLAG_HEADER_CRC) != 0) {
      skip(2);
    }
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      nextByte();
    }
  }

  private void skipText() throws IOException {
    int next = nextByte();
    while (next != 0) {
      next = nextByte();
    }
  }

  private int nextByte() throws IOException {
    ByteBuffer compressed = compressed();
    if (!compressed.hasRemaining()) {
      throw brokenHere("the file ends in a gzip header or trailer");
    }
    return compressed.get() & 0xff;
  }

  private int nextInt() throws IOException {
    return nextByte() | (nextByte() << 8) | (nextByte() << 16) | (nextByte() << 24);
  }

  /** The next compressed bytes; none are left only at the end of the file. */
  private ByteBuffer compressed() throws IOException {
    if (rest.hasRemaining()) {
      return rest;
    }
    if (!input.window().hasRemaining()) {
      input.fill();
    }
    return input.window();
  }

  private long compressedPosition() {
    return input.position() - rest.remaining();
  }

  private BrokenFileException brokenHere(String problem) {
    return new BrokenFileException(input.location(), compressedPosition(), problem);
  }

  @Override
  public BrokenFileException broken(long offset, String problem) {
    return brokenHere("%s (at byte %d of the inflated records)".formatted(problem, offset));
  }

  @Override
  public ByteBuffer window() {
    return inflated;
  }

  @Override
  public long position() {
    return inflatedEnd - inflated.remaining();
  }

  @Override
  public ByteBuffer require(int bytes, String what) throws IOException {
    while (inflated.remaining() < bytes) {
      if (!fill()) {
        throw broken(
            position(),
            "%s needs %d bytes, the file ends after %d"
                .formatted(what, bytes, inflated.remaining()));
      }
    }
    return inflated;
  }

  @Override
  public boolean fill() throws IOException {
    inflated.compact();
    int start = inflated.position();
    try {
      while (inflated.position() == start && !ended) {
        inflate();
      }
    } finally {
      inflated.flip();
    }
    return inflated.limit() > start;
  }

  private void inflate() throws IOException {
    if (inflater.finished()) {
      endMember();
      return;
    }
    int from = inflated.position();
    ByteBuffer compressed = compressed();
    int available = compressed.remaining();
    int produced;
    try {
      inflater.setInput(compressed);
      produced = inflater.inflate(inflated);
    } catch (DataFormatException e) {
      throw brokenHere("deflated data: " + e.getMessage());
    }
    if (produced == 0 && compressed.remaining() == available && !inflater.finished()) {
      throw brokenHere(
          available == 0
              ? "the file ends within the deflated data"
              : "deflated data ask for a dictionary");
    }
    if (gzip) {
      Framing.update(crc, inflated, from, from + produced);
    }
    memberInflatedBytes += produced;
    inflatedEnd += produced;
  }

  /** Checks the trailer and looks whether another member follows. */
  private void endMember() throws IOException {
    if (gzip) {
      int expectedCrc = nextInt();
      int expectedBytes = nextInt();
      if (expectedCrc != (int) crc.getValue() || expectedBytes != (int) memberInflatedBytes) {
        throw brokenHere(
            "gzip trailer has CRC-32 0x%08x and %d bytes, the data have 0x%08x and %d"
                .formatted(
                    expectedCrc,
                    Integer.toUnsignedLong(expectedBytes),
                    (int) crc.getValue(),
                    memberInflatedBytes));
      }
    }
    ByteBuffer behind = compressed();
    if (gzip && behind.hasRemaining() && behind.get(behind.position()) == Gzip.ID1) {
      beginMember();
    } else {
      ended = true;
    }
  }

  @Override
  public void requireEnd(String what) throws IOException {
    if (inflated.hasRemaining() || fill()) {
      throw broken(position(), "more bytes follow %s, expected none".formatted(what));
    }
    if (rest.hasRemaining()) {
      throw new IllegalStateException("The file was not read from its start on");
    }
    input.requireEnd("the compressed records");
  }

  void close() {
    inflater.end();
  }
}
