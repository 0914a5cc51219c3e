/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.SampleListener;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads records of plain files. What is read from storage ends with the last record asked for: its
 * end is known from the index or an earlier read, or is the end of the file, or is found in steps
 * by the lengths of the records before it.
 */
final class PlainRecords implements RecordBytes {
  private final RecordReader reader;
  private final RecordIndex index;
  private final int samplesPerFile;

  private FileInput input;
  private RecordFile file;

  /** Offset of the next record. */
  private long offset;

  /** How far the input may read. */
  private long limit;

  PlainRecords(RecordReader reader, RecordIndex index, int samplesPerFile) {
    this.reader = reader;
    this.index = index;
    this.samplesPerFile = samplesPerFile;
  }

  /** Starts with a file. */
  void open(FileInput from, RecordFile known) {
    input = from;
    file = known;
  }

  /** Reads consecutive records of the open file. */
  void read(int first, int count, SampleListener done) throws IOException {
    boolean toTheEnd = first + count == samplesPerFile;
    boolean atKnownRecord = file.offsets().nearest(first) == first;
    if (!atKnownRecord || (file.offsets().vary() && !toTheEnd)) {
      file.readIndex(input, index, samplesPerFile, false);
    }
    locate(first);
    allow(endOf(first, count));
    for (int record = first; record < first + count; record++) {
      long length = readHeader(record);
      long end = offset + length + Framing.BYTES;
      if (limit < end) {
        allow(behind(end, end - offset, first + count - record - 1));
      }
      long sampleBytes = reader.readPayload(this, record, length);
      endsAt(record, end);
      done.sample(sampleBytes);
    }
    if (!toTheEnd) {
      lookAhead(first + count);
    }
  }

  /** How far to read at first. */
  private long endOf(int first, int count) {
    RecordOffsets offsets = file.offsets();
    long end = offsets.find(first + count);
    if (end != RecordOffsets.UNKNOWN) {
      return end;
    }
    if (first + count == samplesPerFile) {
      return Long.MAX_VALUE;
    }
    long firstEnd = offsets.find(first + 1);
    return firstEnd == RecordOffsets.UNKNOWN
        ? offset + Framing.HEADER_BYTES
        : behind(firstEnd, firstEnd - offset, count - 1);
  }

  /**
   * How far to read for a record and those after it: as many as are known already, as long as the
   * shortest of them, and the header of the next one. With records of one length that ends exactly
   * with the last.
   */
  private long behind(long end, long recordBytes, int recordsAfter) {
    int ahead = Math.min(recordsAfter, Math.max(1, file.offsets().last()));
    long bytes = Math.min(recordBytes, file.offsets().shortestBytes());
    boolean huge = Math.multiplyHigh(ahead, bytes) != 0;
    long limitBytes = end + ahead * bytes + Framing.HEADER_BYTES;
    return huge || limitBytes < end ? Long.MAX_VALUE : limitBytes;
  }

  /** Finds the offset of a record, by the headers of those before it if need be. */
  private void locate(int record) throws IOException {
    int at = file.offsets().nearest(record);
    offset = file.offsets().find(at);
    while (at < record) {
      input.seek(offset, offset + Framing.HEADER_BYTES);
      endsAt(at, offset + readHeader(at) + Framing.BYTES);
      at++;
    }
    input.seek(offset, offset);
  }

  private long readHeader(int record) throws IOException {
    return reader.readHeader(this, record, samplesPerFile, file.origin());
  }

  private void endsAt(int record, long end) throws BrokenFileException {
    file.endsAt(this, record, end);
    offset = end;
  }

  private void allow(long end) {
    limit = end;
    input.seek(input.position(), end);
  }

  /** Learns the length of the next record, if its header has come with the last bytes. */
  private void lookAhead(int record) throws IOException {
    if (record != file.offsets().last() || limit < offset + Framing.HEADER_BYTES) {
      return;
    }
    while (input.window().remaining() < Framing.HEADER_BYTES) {
      if (!input.fill()) {
        return;
      }
    }
    ByteBuffer header = input.window();
    int at = header.position();
    if (reader.isHeader(header, at)) {
      long length = header.getLong(at);
      if (length >= 0 && length <= Framing.MAX_PAYLOAD_BYTES) {
        file.offsets().append(offset + length + Framing.BYTES);
      }
    }
  }

  @Override
  public ByteBuffer window() {
    return input.window();
  }

  @Override
  public boolean fill() throws IOException {
    return input.fill();
  }

  @Override
  public ByteBuffer require(int bytes, String what) throws IOException {
    return input.require(bytes, what);
  }

  @Override
  public long position() {
    return input.position();
  }

  @Override
  public void requireEnd(String what) throws IOException {
    input.requireEnd(what);
  }

  @Override
  public BrokenFileException broken(long at, String problem) {
    return new BrokenFileException(input.location(), at, problem);
  }
}
