/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.io.Serializable;

/**
 * Bytes a storage moved, by the way they really took; the sum is all bytes moved.
 *
 * @param readBytes bytes read in all
 * @param directReadBytes of these, read past the page cache straight into the caller's buffer
 * @param bouncedReadBytes of these, read past the page cache into a buffer of ours and copied,
 *     because the request was not aligned
 * @param writtenBytes bytes written in all
 * @param directWrittenBytes of these, written past the page cache, padding not counted
 * @param retries requests repeated after a failure
 */
public record IoCounts(
    long readBytes,
    long directReadBytes,
    long bouncedReadBytes,
    long writtenBytes,
    long directWrittenBytes,
    long retries)
    implements Serializable {

  /** Nothing moved. */
  public static final IoCounts ZERO = new IoCounts(0, 0, 0, 0, 0, 0);

  /** The sum of both. */
  public IoCounts plus(IoCounts other) {
    return new IoCounts(
        readBytes + other.readBytes,
        directReadBytes + other.directReadBytes,
        bouncedReadBytes + other.bouncedReadBytes,
        writtenBytes + other.writtenBytes,
        directWrittenBytes + other.directWrittenBytes,
        retries + other.retries);
  }
}
