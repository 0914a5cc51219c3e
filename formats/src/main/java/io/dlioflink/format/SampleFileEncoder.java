/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import java.io.Closeable;
import java.io.IOException;

/**
 * Writes sample files of one format; holds the buffers of one thread. Not thread-safe. Equal specs
 * and contents give equal bytes.
 */
public interface SampleFileEncoder extends Closeable {

  /**
   * Writes a whole file and, complete, its companions. The target may fail at any byte, with any
   * {@link IOException}: that very exception comes out, and the encoder can be used again.
   *
   * @throws io.dlioflink.storage.StorageException if the storage fails
   */
  void encode(FileSpec file, SampleContent content, FileTarget target) throws IOException;

  @Override
  void close();
}
