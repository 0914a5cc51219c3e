/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import java.nio.ByteBuffer;

/** Numbers as the metadata have them: of as many bytes as the superblock says. */
final class Numbers {
  private Numbers() {}

  /** The next number; -1 if all its bits are set, which is how undefined addresses are written. */
  static long unsigned(ByteBuffer bytes, int length) {
    if (length < 1 || length > Long.BYTES) {
      throw new IllegalArgumentException("Number of " + length + " bytes");
    }
    long number = 0;
    for (int i = 0; i < length; i++) {
      number |= (bytes.get() & 0xffL) << (8 * i);
    }
    return length < Long.BYTES && number == (1L << (8 * length)) - 1 ? -1 : number;
  }
}
