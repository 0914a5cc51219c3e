/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import java.io.IOException;

/**
 * A reader of a format that is read as a stream: samples that follow each other in a file are asked
 * for together, and the file is opened once for all of them.
 */
public interface SequentialDecoder extends SampleFileDecoder {

  /**
   * Decodes consecutive samples.
   *
   * @param input the file, at its first byte
   * @param first index in the file
   * @param count how many, 1 or more
   * @param done told after each sample
   * @throws BrokenFileException if the file is not what its format says
   * @throws UnsupportedFileException if it uses a feature that is not read here
   * @throws io.dlioflink.storage.StorageException if the storage fails
   */
  void decode(FileInput input, int first, int count, SampleListener done) throws IOException;
}
