/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.workload.FileFormat;
import java.util.OptionalLong;

/** A dataset file format; found through {@code META-INF/services} by its name. Thread-safe. */
public interface SampleFormat {

  /** Which format this is. */
  FileFormat format();

  /** A writer for one thread. */
  SampleFileEncoder newEncoder();

  /**
   * A reader for one thread.
   *
   * @param samplesPerFile samples each file must hold
   */
  SampleFileDecoder newDecoder(int samplesPerFile);

  /** The exact size of a file, if it follows from its spec alone (nothing compressed). */
  OptionalLong fileLengthBytes(FileSpec file);
}
