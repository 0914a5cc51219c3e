/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import io.dlioflink.format.FileInput;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.RememberedFiles;
import io.dlioflink.format.SampleListener;
import io.dlioflink.format.SequentialDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Reads record files. Where a record begins is known from the records before it, if this decoder
 * has come across them, else from the index beside the file, else from the headers of the records
 * before it. A compressed file can only be read from its start on, or from where the last run of
 * records ended.
 */
final class TfRecordDecoder implements SequentialDecoder {
  private static final long REMEMBERED_BYTES = 8 << 20;

  private final int samplesPerFile;
  private final RecordReader reader = new RecordReader();
  private final RecordIndex index = new RecordIndex();
  private final PlainRecords plain;
  private final RememberedFiles<RecordFile> files = new RememberedFiles<>(REMEMBERED_BYTES);
  private final SampleListener keepBytes = bytes -> lastSampleBytes = bytes;
  private long lastSampleBytes;

  /** Made for the first file of the kind. */
  private InflatedRecords gzip;

  private InflatedRecords zlib;

  TfRecordDecoder(ReadSpec spec) {
    this.samplesPerFile = spec.samplesPerFile();
    this.plain = new PlainRecords(reader, index, samplesPerFile);
  }

  @Override
  public long decode(FileInput input, int sample) throws IOException {
    decode(input, sample, 1, keepBytes);
    return lastSampleBytes;
  }

  @Override
  public void decode(FileInput input, int first, int count, SampleListener done)
      throws IOException {
    Objects.checkFromIndexSize(first, count, samplesPerFile);
    RecordFile known = files.get(input.file());
    RecordFile file = known == null ? newFile(input, count == samplesPerFile) : known;
    long bytesBefore = known == null ? -1 : known.offsets().bytes();
    try {
      if (file.kind() == FileKind.PLAIN) {
        plain.open(input, file);
        plain.read(first, count, done);
      } else {
        readInflated(inflated(file.kind()), input, first, count, done);
      }
    } catch (IOException e) {
      files.forget(input.file());
      throw e;
    }
    if (file.offsets().bytes() != bytesBefore) {
      files.put(input.file(), file, file.offsets().bytes());
    }
  }

  private RecordFile newFile(FileInput input, boolean allOfIt) throws IOException {
    long end = allOfIt ? Long.MAX_VALUE : Framing.HEADER_BYTES;
    return new RecordFile(FileKind.of(input, end, reader));
  }

  private InflatedRecords inflated(FileKind kind) {
    if (kind == FileKind.GZIP) {
      gzip = gzip == null ? new InflatedRecords(true) : gzip;
      return gzip;
    }
    zlib = zlib == null ? new InflatedRecords(false) : zlib;
    return zlib;
  }

  private void readInflated(
      InflatedRecords records, FileInput input, int first, int count, SampleListener done)
      throws IOException {
    records.enter(input, first);
    while (records.record() < first) {
      reader.skipPayload(records, readHeader(records));
      records.passed();
    }
    for (int i = 0; i < count; i++) {
      long sampleBytes = reader.readPayload(records, records.record(), readHeader(records));
      records.passed();
      if (records.record() == samplesPerFile && !records.window().hasRemaining()) {
        // Brings nothing, but looks at the checksum of the whole.
        records.fill();
      }
      done.sample(sampleBytes);
    }
    records.leave();
  }

  private long readHeader(InflatedRecords records) throws IOException {
    return reader.readHeader(records, records.record(), samplesPerFile, null);
  }

  /** Reads all records in turn, parses them by protobuf too, and compares with the index. */
  @Override
  public long verify(FileInput input, int samples) throws IOException {
    RecordFile file = new RecordFile(FileKind.of(input, Long.MAX_VALUE, reader));
    file.readIndex(input, index, samples, true);
    RecordBytes records;
    if (file.kind() == FileKind.PLAIN) {
      input.seek(0, Long.MAX_VALUE);
      plain.open(input, file);
      records = plain;
    } else {
      InflatedRecords inflated = inflated(file.kind());
      inflated.restart(input);
      records = inflated;
    }
    long sampleBytes = 0;
    for (int record = 0; record < samples; record++) {
      long length = reader.readHeader(records, record, samples, file.origin());
      sampleBytes += reader.checkPayload(records, record, length);
      file.endsAt(records, record, records.position());
    }
    requireEnd(records, samples);
    return sampleBytes;
  }

  private void requireEnd(RecordBytes records, int samples) throws IOException {
    long end = records.position();
    int found = samples;
    while (startsRecord(records)) {
      reader.skipPayload(records, reader.readHeader(records, found, samples, null));
      found++;
    }
    if (found > samples) {
      throw records.broken(end, "found %d samples, expected %d".formatted(found, samples));
    }
    records.requireEnd("the last record");
  }

  private boolean startsRecord(RecordBytes records) throws IOException {
    while (records.window().remaining() < Framing.HEADER_BYTES) {
      if (!records.fill()) {
        return false;
      }
    }
    ByteBuffer window = records.window();
    return reader.isHeader(window, window.position());
  }

  @Override
  public void close() {
    if (gzip != null) {
      gzip.close();
      gzip = null;
    }
    if (zlib != null) {
      zlib.close();
      zlib = null;
    }
  }
}
