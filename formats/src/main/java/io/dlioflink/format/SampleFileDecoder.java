/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import java.io.Closeable;
import java.io.IOException;

/**
 * Reads samples of one format; holds the state of one thread. Not thread-safe.
 *
 * <p>A decoder reads a sample completely: every byte passes the processor and whatever check the
 * format offers. It keeps nothing of it. It may remember where things are in a bounded number of
 * files.
 */
public interface SampleFileDecoder extends Closeable {

  /**
   * Decodes one sample.
   *
   * @param input the file, at its first byte
   * @param sample index in the file
   * @return decoded bytes of the sample
   * @throws BrokenFileException if the file is not what its format says
   * @throws UnsupportedFileException if it uses a feature that is not read here
   * @throws io.dlioflink.storage.StorageException if the storage fails
   */
  long decode(FileInput input, int sample) throws IOException;

  /**
   * Reads a whole file and checks all that can be checked, if need be more than {@link #decode}.
   *
   * @param input the file, at its first byte
   * @param samples samples it must hold
   * @return decoded bytes of all samples
   * @throws BrokenFileException if the file is not what its format says
   * @throws UnsupportedFileException if it uses a feature that is not read here
   * @throws io.dlioflink.storage.StorageException if the storage fails
   */
  default long verify(FileInput input, int samples) throws IOException {
    long bytes = 0;
    for (int sample = 0; sample < samples; sample++) {
      input.seek(0, Long.MAX_VALUE);
      bytes += decode(input, sample);
    }
    return bytes;
  }

  @Override
  void close();
}
