/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import java.io.Closeable;
import java.io.IOException;

/**
 * Reads samples of one format; holds the state of one thread. Not thread-safe.
 *
 * <p>A decoder reads a sample completely: every byte passes the processor and whatever check the
 * format offers. It keeps nothing of it.
 */
public interface SampleFileDecoder extends Closeable {

  /**
   * Decodes one sample.
   *
   * @param input the file, opened at its first byte
   * @param sample index in the file
   * @return bytes of the sample
   * @throws BrokenFileException if the file is not what its format says
   * @throws UnsupportedFileException if it uses a feature that is not read here
   * @throws io.dlioflink.storage.StorageException if the storage fails
   */
  long decode(FileInput input, int sample) throws IOException;

  @Override
  void close();
}
