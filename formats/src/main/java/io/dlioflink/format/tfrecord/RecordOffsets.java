/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import java.util.Arrays;

/**
 * Where the records of a file begin, as far as is known: always from the first record on, without
 * gaps. Of records of one length, as DLIO writes them, only that length is kept; else at most
 * {@link #MAX_OFFSETS} offsets, of every second, fourth, ... record if there are more.
 */
final class RecordOffsets {
  static final int MAX_OFFSETS = 1 << 17;
  static final long UNKNOWN = -1;

  private static final int FIRST_CAPACITY = 64;

  /** Offsets of records 0 to this are known, or have been. */
  private int last;

  private long lastOffset;

  private long shortestBytes = Long.MAX_VALUE;

  /** Bytes of each record as long as they are equal; 0 as long as there is none. */
  private long recordBytes;

  /** Offsets of the records 0, {@link #stride}, ...; null as long as all have one length. */
  private long[] offsets;

  private int count;
  private int stride = 1;

  /** Adds the offset of the record behind {@link #last}, or of the end of the last record. */
  void append(long offset) {
    long bytes = offset - lastOffset;
    shortestBytes = Math.min(shortestBytes, bytes);
    if (last == 0) {
      recordBytes = bytes;
    } else if (offsets == null && bytes != recordBytes) {
      spell();
    }
    last++;
    lastOffset = offset;
    if (offsets != null && last % stride == 0) {
      add(offset);
    }
  }

  private void spell() {
    while (last / stride >= MAX_OFFSETS) {
      stride *= 2;
    }
    count = last / stride + 1;
    offsets = new long[Math.max(FIRST_CAPACITY, count)];
    for (int i = 0; i < count; i++) {
      offsets[i] = (long) i * stride * recordBytes;
    }
  }

  private void add(long offset) {
    if (count == MAX_OFFSETS) {
      stride *= 2;
      count /= 2;
      for (int i = 1; i < count; i++) {
        offsets[i] = offsets[2 * i];
      }
      if (last % stride != 0) {
        return;
      }
    }
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * count);
    }
    offsets[count++] = offset;
  }

  /** The last record whose offset is known. */
  int last() {
    return last;
  }

  /** Bytes of the shortest record that is known with its end. */
  long shortestBytes() {
    return shortestBytes;
  }

  /** Whether records are known to differ in length. */
  boolean vary() {
    return offsets != null;
  }

  /** The last record, not behind the given one, whose offset is known. */
  int nearest(int record) {
    return record >= last ? last : record - record % stride;
  }

  /** Offset of a record; {@link #UNKNOWN} if it is not known. */
  long find(int record) {
    if (record == last) {
      return lastOffset;
    }
    if (record > last || record % stride != 0) {
      return UNKNOWN;
    }
    return offsets == null ? record * recordBytes : offsets[record / stride];
  }

  /** Memory taken. */
  long bytes() {
    return 64 + (offsets == null ? 0 : (long) Long.BYTES * offsets.length);
  }
}
