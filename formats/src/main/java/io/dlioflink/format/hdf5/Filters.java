/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

/**
 * The filters that are read here.
 *
 * <p>Source: HDF5 File Format Specification 3.0, section IV.A.2.l, and the list of registered
 * filters; h5py {@code lzf/lzf_filter.h}.
 */
final class Filters {
  static final int DEFLATE = 1;
  static final int SHUFFLE = 2;
  static final int FLETCHER32 = 3;
  static final int LZF = 32000;

  /** What h5py's LZF filter says of itself in files. */
  static final int LZF_REVISION = 4;

  static final int LZF_VERSION = 0x0105;

  private Filters() {}

  static boolean known(int filter) {
    return filter == DEFLATE || filter == SHUFFLE || filter == FLETCHER32 || filter == LZF;
  }

  /** The checksum of HDF5's Fletcher-32: over 16-bit numbers of which the high byte is first. */
  static int fletcher32(byte[] bytes, int length) {
    long low = 0;
    long high = 0;
    int at = 0;
    while (at < length) {
      int blockEnd = Math.min(length, at + 720);
      while (at < blockEnd) {
        int first = bytes[at++] & 0xff;
        int second = at < blockEnd ? bytes[at++] & 0xff : 0;
        low += (first << 8) | second;
        high += low;
      }
      low = fold(low);
      high = fold(high);
    }
    return (int) ((fold(high) << 16) | fold(low));
  }

  private static long fold(long sum) {
    return (sum & 0xffff) + (sum >>> 16);
  }

  /** Puts the bytes of elements together again: the first bytes of all, the second bytes, ... */
  static void unshuffle(byte[] from, byte[] to, int length, int elementBytes) {
    int elements = length / elementBytes;
    int at = 0;
    for (int plane = 0; elements > 1 && plane < elementBytes; plane++) {
      for (int target = plane; target < elements * elementBytes; target += elementBytes) {
        to[target] = from[at++];
      }
    }
    System.arraycopy(from, at, to, at, length - at);
  }
}
