/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.workload.FileFormat;
import java.util.Arrays;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The formats on the class path. */
public final class SampleFormats {
  private SampleFormats() {}

  /** The implementation of a format, if there is one. */
  public static Optional<SampleFormat> find(FileFormat format) {
    for (SampleFormat candidate :
        ServiceLoader.load(SampleFormat.class, SampleFormats.class.getClassLoader())) {
      if (candidate.format() == format) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** The formats there are implementations of. */
  public static Stream<FileFormat> available() {
    return Arrays.stream(FileFormat.values()).filter(format -> find(format).isPresent());
  }

  /**
   * The implementation of a format.
   *
   * @throws IllegalStateException if there is none
   */
  public static SampleFormat require(FileFormat format) {
    return find(format)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Format " + format.yamlName() + " is not on the class path"));
  }
}
