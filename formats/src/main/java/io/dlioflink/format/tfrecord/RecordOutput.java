/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import io.dlioflink.format.FileOutput;
import java.io.IOException;

/** Where the bytes of records go: into the file as they are, or compressed. */
interface RecordOutput {

  /** Appends bytes. */
  void put(byte[] bytes) throws IOException;

  /**
   * Appends bytes that are made piece by piece.
   *
   * @param unitBytes pieces start and end at multiples of this; at most 8
   */
  void generate(long bytes, int unitBytes, FileOutput.Generator generator) throws IOException;

  /** Hands everything to the storage; once, at the end of a file. */
  void finish() throws IOException;

  /** The file as it is. */
  record Plain(FileOutput output) implements RecordOutput {
    @Override
    public void put(byte[] bytes) throws IOException {
      output.put(bytes);
    }

    @Override
    public void generate(long bytes, int unitBytes, FileOutput.Generator generator)
        throws IOException {
      output.generate(bytes, unitBytes, generator);
    }

    @Override
    public void finish() throws IOException {
      output.flush();
    }
  }
}
