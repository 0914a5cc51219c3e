/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Compresses pages of one codec. Equal pieces give equal bytes. Not thread-safe. */
interface Compressor extends Closeable {

  /**
   * Starts a page.
   *
   * @param level 0 to 9, for codecs that have levels
   * @param bytes of the page
   */
  void start(int level, int bytes);

  /** Compresses the next bytes, a direct buffer, and passes on what comes of it. */
  void add(ByteBuffer bytes, PageBody.Consumer compressed) throws IOException;

  /** Ends the page. */
  void finish(PageBody.Consumer compressed) throws IOException;

  @Override
  void close();
}
