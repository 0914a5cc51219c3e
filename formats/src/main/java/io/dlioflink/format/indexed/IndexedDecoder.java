/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.indexed;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.RememberedFiles;
import io.dlioflink.format.SampleListener;
import io.dlioflink.format.SequentialDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * Reads the bytes that the index gives to a sample. The format has no checksum to compare with; one
 * is computed all the same, so that every byte has been looked at.
 *
 * <p>Small indexes are read as a whole and remembered, as DLIO does with all of them; of a large
 * one only the entries of the samples asked for are read.
 */
final class IndexedDecoder implements SequentialDecoder {
  /** Below this an index is read as a whole. */
  static final int MAX_WHOLE_ENTRIES = IndexReader.MAX_ENTRIES;

  private static final long REMEMBERED_BYTES = 8 << 20;

  private final int samplesPerFile;
  private final IndexReader index = new IndexReader();
  private final RememberedFiles<SampleEntries> files = new RememberedFiles<>(REMEMBERED_BYTES);
  private final CRC32C checksum = new CRC32C();
  private final SampleListener keepBytes = bytes -> lastSampleBytes = bytes;
  private long lastSampleBytes;

  IndexedDecoder(ReadSpec spec) {
    this.samplesPerFile = spec.samplesPerFile();
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
    if (samplesPerFile <= MAX_WHOLE_ENTRIES) {
      read(input, wholeIndex(input), first, count, done);
      return;
    }
    int next = first;
    int left = count;
    while (left > 0) {
      int block = Math.min(left, IndexReader.MAX_ENTRIES);
      read(input, index.read(input, next, block, samplesPerFile), next, block, done);
      next += block;
      left -= block;
    }
  }

  private SampleEntries wholeIndex(FileInput input) throws IOException {
    SampleEntries entries = files.get(input.file());
    if (entries == null) {
      entries = index.read(input, 0, samplesPerFile, samplesPerFile);
      files.put(input.file(), entries, entries.bytes());
    }
    return entries;
  }

  /** Reads samples; those that stand one behind the other in the file as one stretch. */
  private void read(
      FileInput input, SampleEntries entries, int first, int count, SampleListener done)
      throws IOException {
    int end = first + count;
    long stretchEnd = -1;
    for (int sample = first; sample < end; sample++) {
      long offset = entries.offset(sample);
      if (offset != stretchEnd || input.position() != offset) {
        input.seek(offset, stretchEnd(entries, sample, end));
      }
      long bytes = entries.size(sample);
      pass(input, sample, offset, bytes);
      stretchEnd = offset + bytes;
      done.sample(bytes);
    }
  }

  private static long stretchEnd(SampleEntries entries, int first, int end) {
    long stretchEnd = entries.offset(first) + entries.size(first);
    for (int next = first + 1; next < end && entries.offset(next) == stretchEnd; next++) {
      stretchEnd += entries.size(next);
    }
    return stretchEnd;
  }

  private void pass(FileInput input, int sample, long offset, long bytes) throws IOException {
    checksum.reset();
    long left = bytes;
    while (left > 0) {
      ByteBuffer window = input.window();
      if (!window.hasRemaining() && !input.fill()) {
        throw new BrokenFileException(
            input.location(),
            input.position(),
            "%s has sample %d at byte %d with %d bytes, the file ends %d short of them"
                .formatted(
                    IndexReader.location(input, IndexFile.OFFSETS), sample, offset, bytes, left));
      }
      int limit = window.limit();
      int piece = (int) Math.min(left, window.remaining());
      window.limit(window.position() + piece);
      checksum.update(window);
      window.limit(limit);
      left -= piece;
    }
  }

  /**
   * Reads all samples of the index. The file must end with the last of them; or have the length of
   * all of them together, if DLIO let the offsets start anew within it.
   */
  @Override
  public long verify(FileInput input, int samples) throws IOException {
    index.requireLength(input, samples);
    long sampleBytes = 0;
    long end = 0;
    int first = 0;
    while (first < samples) {
      int count = Math.min(samples - first, IndexReader.MAX_ENTRIES);
      SampleEntries entries = index.read(input, first, count, samples);
      read(input, entries, first, count, keepBytes);
      for (int sample = first; sample < first + count; sample++) {
        sampleBytes += entries.size(sample);
        end = Math.max(end, entries.offset(sample) + entries.size(sample));
      }
      first += count;
    }
    long length = input.lengthBytes();
    if (length != end && length != sampleBytes) {
      throw new BrokenFileException(
          input.location(),
          end,
          "%d bytes follow the samples of %s, expected none"
              .formatted(length - end, IndexReader.location(input, IndexFile.OFFSETS)));
    }
    return sampleBytes;
  }

  /** CRC-32C of the last sample. */
  long sampleChecksum() {
    return checksum.getValue();
  }

  @Override
  public void close() {
    // Nothing but memory is held.
  }
}
