/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.storage.StorageWriter;
import java.io.Closeable;
import java.io.IOException;

/** Writes sample files of one format; holds the buffers of one thread. Not thread-safe. */
public interface SampleFileEncoder extends Closeable {

  /**
   * Writes a whole file; the caller commits.
   *
   * @throws io.dlioflink.storage.StorageException if the storage fails
   */
  void encode(FileSpec file, SampleContent content, StorageWriter target) throws IOException;

  @Override
  void close();
}
