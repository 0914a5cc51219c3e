/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.workload.Compression;
import io.dlioflink.workload.FileFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** A dataset file format; found through {@code META-INF/services} by its name. Thread-safe. */
public interface SampleFormat extends DecoderFactory {

  /** Which format this is. */
  FileFormat format();

  /** The compressions that files of this format carry; any other one has no effect on them. */
  Set<Compression> compressions();

  /** A writer for one thread. */
  SampleFileEncoder newEncoder();

  /** The exact size of a file, if it follows from its spec alone (nothing compressed). */
  OptionalLong fileLengthBytes(FileSpec file);

  /** Bytes that decoding a sample of such a file gives. */
  default long sampleBytes(FileSpec file) {
    return file.sampleBytes();
  }

  /**
   * Files that belong to a dataset file.
   *
   * @param path of the dataset file below the dataset folder
   * @return their paths, likewise
   */
  default List<String> companionPaths(String path) {
    return List.of();
  }
}
