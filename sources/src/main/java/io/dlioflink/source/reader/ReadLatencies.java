/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import org.HdrHistogram.Histogram;

/**
 * How long the stages of reading took, nanoseconds, three significant digits.
 *
 * @param open per file: the storage's open
 * @param firstByte per file: from the start of the open until the first bytes were there
 * @param read per sample: the storage's reads
 * @param storage per sample: all calls of the storage, from open to close
 * @param decode per sample: all else, i.e. checking and decoding
 */
public record ReadLatencies(
    Histogram open, Histogram firstByte, Histogram read, Histogram storage, Histogram decode) {
  private static final int SIGNIFICANT_DIGITS = 3;

  static ReadLatencies empty() {
    return new ReadLatencies(
        new Histogram(SIGNIFICANT_DIGITS),
        new Histogram(SIGNIFICANT_DIGITS),
        new Histogram(SIGNIFICANT_DIGITS),
        new Histogram(SIGNIFICANT_DIGITS),
        new Histogram(SIGNIFICANT_DIGITS));
  }

  void add(ReadLatencies other) {
    open.add(other.open);
    firstByte.add(other.firstByte);
    read.add(other.read);
    storage.add(other.storage);
    decode.add(other.decode);
  }

  void reset() {
    open.reset();
    firstByte.reset();
    read.reset();
    storage.reset();
    decode.reset();
  }
}
