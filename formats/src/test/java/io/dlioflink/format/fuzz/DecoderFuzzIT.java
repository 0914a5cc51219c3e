/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dlioflink.format.SampleFormats;
import io.dlioflink.workload.FileFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Looks for inputs that a reader cannot cope with, for {@code DLIO_FLINK_FUZZ_SECONDS} (default 5)
 * per format. What is found is left in {@code target/fuzz/<format>}; it belongs into {@code
 * src/test/resources/fuzz/<format>} once it is mended.
 */
class DecoderFuzzIT {
  private static final String SECONDS =
      Optional.ofNullable(System.getenv("DLIO_FLINK_FUZZ_SECONDS")).orElse("5");
  private static final Path FINDINGS =
      Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("target/fuzz");

  @TempDir private Path folder;

  static Stream<FileFormat> formats() {
    String only = System.getenv("DLIO_FLINK_FUZZ_FORMAT");
    return SampleFormats.available()
        .filter(format -> only == null || format.yamlName().equals(only));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void noInputLeadsToAnythingButAnErrorOfOurs(FileFormat format) throws Exception {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    assumeTrue(system.matches("Linux (amd64|x86_64)|Mac.*"), "no fuzzer for " + system);
    Path corpus = Files.createDirectory(folder.resolve("corpus"));
    List<byte[]> seeds = new FuzzedFormat(SampleFormats.require(format)).seeds();
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(corpus.resolve("seed-" + i), seeds.get(i));
    }
    Path findings = FINDINGS.resolve(format.name().toLowerCase(Locale.ROOT));
    Files.createDirectories(findings);
    Path log = folder.resolve("log");
    int exit =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx1g",
                "-XX:MaxDirectMemorySize=1g",
                "-D" + DecoderFuzzTarget.FORMAT + "=" + format.name(),
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + DecoderFuzzTarget.class.getName(),
                "--instrumentation_includes=io.dlioflink.**:io.jhdf.**",
                "--reproducer_path=" + findings,
                "-artifact_prefix=" + findings + "/",
                "-max_total_time=" + SECONDS,
                "-timeout=60",
                "-rss_limit_mb=4096",
                "-max_len=65536",
                corpus.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    assertThat(exit).as("%s", tail(log)).isZero();
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
  }
}
