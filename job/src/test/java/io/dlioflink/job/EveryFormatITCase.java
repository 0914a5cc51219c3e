/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlioflink.format.SampleFormats;
import io.dlioflink.workload.FileFormat;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generation, training and verification in every format, and one flipped byte. */
class EveryFormatITCase {
  private static final int FILES = 8;
  private static final int SAMPLES_PER_FILE = 3;

  /** Formats with a checksum over the samples, or (csv) a syntax that the flip breaks. */
  private static final Set<FileFormat> CHECKED_BY_TRAINING =
      EnumSet.of(FileFormat.NPZ, FileFormat.TFRECORD, FileFormat.PNG, FileFormat.PARQUET);

  @TempDir private Path folder;

  static Stream<FileFormat> formats() {
    return SampleFormats.available();
  }

  private CommandLineRun run(String command, FileFormat format, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                command,
                "workload=quickstart",
                "--port=0",
                "--accelerators=2",
                "--output=" + folder.resolve("out"),
                "++workload.framework=tensorflow",
                "++workload.reader.data_loader=tensorflow",
                "++workload.dataset.format=" + format.yamlName(),
                "++workload.dataset.num_files_train=" + FILES,
                "++workload.dataset.num_samples_per_file=" + SAMPLES_PER_FILE,
                "++workload.dataset.record_length_bytes=20000",
                "++workload.dataset.record_length_bytes_stdev=0",
                "++workload.dataset.data_folder=" + folder.resolve("data"),
                "++workload.train.epochs=1",
                "++workload.train.computation_time=0.001"));
    args.addAll(Arrays.asList(more));
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void aDatasetIsGeneratedReadAccountedForAndVerified(FileFormat format) throws Exception {
    CommandLineRun run = run("run", format);

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    JsonNode pass =
        new ObjectMapper().readTree(folder.resolve("out/report.json").toFile()).at("/passes/0");
    assertThat(pass.path("samples").asLong()).isEqualTo(FILES * SAMPLES_PER_FILE);
    assertThat(pass.path("each_sample_exactly_once").asBoolean()).isTrue();
    long sampleBytes = pass.path("sample_bytes").asLong();
    if (pass.has("expected_sample_bytes")) {
      assertThat(sampleBytes).isEqualTo(pass.path("expected_sample_bytes").asLong());
    }
    if (format == FileFormat.SYNTHETIC) {
      assertThat(pass.path("storage_bytes").asLong()).isZero();
    } else {
      long label = format == FileFormat.PARQUET ? Long.BYTES : 0;
      assertThat(sampleBytes).isEqualTo(FILES * SAMPLES_PER_FILE * (141L * 141 + label));
    }
    CommandLineRun verified = run("verify", format);
    assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
    assertThat(verified.out()).contains(FILES + " equal to what was generated");

    Path victim = folder.resolve("data/train/img_5_of_8." + format.yamlName());
    flip(victim, Files.size(victim) / 2);

    CommandLineRun found = run("verify", format);
    assertThat(found.exitCode()).as(found.out() + found.err()).isEqualTo(5);
    assertThat(found.out())
        .contains("train/img_5_of_8." + format.yamlName() + ": Broken file ")
        .contains("at byte " + Files.size(victim) / 2);
    if (CHECKED_BY_TRAINING.contains(format)) {
      CommandLineRun trained = run("train", format);
      assertThat(trained.exitCode()).as(trained.out() + trained.err()).isEqualTo(3);
      assertThat(trained.err()).contains("img_5_of_8");
    }
  }

  private static void flip(Path file, long offset) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset);
      int old = bytes.read();
      bytes.seek(offset);
      bytes.write(old ^ 1);
    }
  }
}
