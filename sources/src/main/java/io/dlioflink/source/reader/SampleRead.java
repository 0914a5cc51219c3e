/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

/**
 * How a sample was read.
 *
 * @param startMicros wall clock, microseconds since 1970
 * @param file below the dataset folder
 * @param offset in the file of the first request to storage; {@link #NONE} if the bytes were there
 *     already
 * @param storageBytes bytes storage delivered for it
 * @param sampleBytes decoded bytes
 * @param openNanos the storage's open; {@link #NONE} if the file was open already
 * @param firstByteNanos from the start of the open until the first bytes were there; likewise
 * @param readNanos the storage's reads
 * @param decodeNanos checking and decoding
 */
public record SampleRead(
    long startMicros,
    String file,
    long offset,
    long storageBytes,
    long sampleBytes,
    long openNanos,
    long firstByteNanos,
    long readNanos,
    long decodeNanos) {
  /** Stands for what did not happen. */
  public static final long NONE = -1;
}
