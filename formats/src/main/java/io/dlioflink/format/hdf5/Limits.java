/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

/** What keeps memory bounded, whatever a file or a configuration says. */
final class Limits {
  /** Entries of a chunk index. */
  static final int CHUNKS = 1 << 19;

  /** Bytes of a chunk that has to be in memory as a whole: for LZF, shuffle and Fletcher-32. */
  static final int BUFFERED_CHUNK_BYTES = 1 << 26;

  /** Bytes of all metadata of a file. */
  static final long METADATA_BYTES = 1L << 26;

  /** Links and continuations followed, nodes visited. */
  static final int METADATA_READS = 1 << 21;

  /** Bytes of the layouts a decoder remembers. */
  static final long REMEMBERED_BYTES = 1L << 23;

  private Limits() {}
}
