/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import io.dlioflink.format.BrokenFileException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of records, front to back: those of a plain file, or inflated ones. */
interface RecordBytes {

  /** The bytes at hand, little-endian; the caller consumes by moving the position. */
  ByteBuffer window();

  /**
   * Brings more bytes behind those at hand.
   *
   * @return false if there are no more
   */
  boolean fill() throws IOException;

  /**
   * Makes sure that a few bytes stand contiguously in the window.
   *
   * @throws BrokenFileException if there are no more so many
   */
  ByteBuffer require(int bytes, String what) throws IOException;

  /** Offset of the next byte among all bytes of records. */
  long position();

  /** A failure that concerns an offset among the bytes of records. */
  BrokenFileException broken(long offset, String problem);

  /** Checks that nothing follows; else the message says how much. */
  void requireEnd(String what) throws IOException;
}
