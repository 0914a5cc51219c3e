/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.format.SampleFormats;
import io.dlioflink.workload.FileFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Inputs that a reader once could not cope with, in {@code src/test/resources/fuzz/<format>}. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FuzzRegressionTest {
  private static final Path INPUTS =
      Path.of(System.getProperty("basedir", "."), "src/test/resources/fuzz");

  static Stream<FileFormat> formats() {
    return SampleFormats.available();
  }

  @ParameterizedTest
  @MethodSource("formats")
  void inputsThatOnceFailedAndGoodOnesAreCopedWith(FileFormat format) throws IOException {
    FuzzedFormat fuzzed = new FuzzedFormat(SampleFormats.require(format));
    List<byte[]> seeds = fuzzed.seeds();
    assertThat(seeds).isNotEmpty();
    for (byte[] seed : seeds) {
      fuzzed.read(seed);
    }
    for (Path input : inputs(format)) {
      fuzzed.read(Files.readAllBytes(input));
    }
  }

  private static List<Path> inputs(FileFormat format) throws IOException {
    Path folder = INPUTS.resolve(format.name().toLowerCase(Locale.ROOT));
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
