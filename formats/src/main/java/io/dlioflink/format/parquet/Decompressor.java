/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Decompresses pages of one codec. Not thread-safe. */
interface Decompressor extends Closeable {

  /**
   * Starts a page.
   *
   * @param stored where its compressed bytes come from
   * @param bytes how many there are uncompressed, as the page says
   */
  void start(StoredBytes stored, int bytes) throws IOException;

  /**
   * The next uncompressed bytes, at least one, in a direct little-endian buffer that is valid until
   * the next call; empty at the end of the compressed data, which is then well-formed and complete.
   */
  Optional<ByteBuffer> next() throws IOException;

  @Override
  void close();
}
