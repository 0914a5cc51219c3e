/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.format.DatasetFile;
import io.dlioflink.format.Encoding;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.MemoryStorage;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.content.RandomContent;
import io.dlioflink.storage.PythonScript;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import io.dlioflink.workload.Hdf5Options;
import io.dlioflink.workload.ParquetOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * pyarrow and pandas read what we write, and the reverse. Skipped where there is no Python with
 * them: {@code DLIO_FLINK_PYTHON} names the interpreter, by default {@code python3}.
 */
class ParquetInteropIT {
  private static final PythonScript SCRIPT = new PythonScript("check_parquet.py");

  private final MemoryStorage storage = new MemoryStorage();
  private final SampleContent content = new RandomContent(17);
  private final ParquetFormat format = new ParquetFormat();

  @TempDir private Path folder;

  @BeforeEach
  void requirePyarrow() throws Exception {
    SCRIPT.assumeModule("pandas");
    SCRIPT.assumeModule("pyarrow");
  }

  @Test
  void pyarrowReadsEveryFileOfOurs() throws Exception {
    List<String> lines = new ArrayList<>();
    try (SampleFileEncoder encoder = format.newEncoder()) {
      for (FileSpec file : files()) {
        Path path = folder.resolve("file-%d.parquet".formatted(lines.size()));
        DatasetFile written = storage.encode(format, encoder, file, content, "written");
        Files.write(path, storage.bytes(written.location()));
        lines.add(line(path, file));
      }
    }
    Path list = Files.write(folder.resolve("list"), lines);
    assertThat(SCRIPT.run("check", list.toString()))
        .contains("%d files checked, 0 failed".formatted(lines.size()));
  }

  @Test
  void filesOfPyarrowAndPandasAreRead() throws Exception {
    SCRIPT.run("write", folder.toString());
    List<String> lines = Files.readAllLines(folder.resolve("LIST"));
    assertThat(lines).hasSize(3 * (2 * 5 * 2 * 3 + 2 * 4) + 5);
    for (String line : lines) {
      String[] parts = line.split("\t");
      List<String> columns = parts[1].isEmpty() ? List.of() : List.of(parts[1].split(","));
      long[] expected = Stream.of(parts[2].split(",")).mapToLong(Long::parseLong).toArray();
      storage.put(parts[0], Files.readAllBytes(folder.resolve(parts[0])));
      readBack(MemoryStorage.file(parts[0]), columns, expected);
    }
  }

  private void readBack(DatasetFile file, List<String> columns, long[] expected)
      throws IOException {
    ParquetOptions options = new ParquetOptions(1, 1 << 20, columns);
    ReadSpec spec =
        new ReadSpec(
            expected.length,
            ElementType.UINT8,
            new Encoding(Compression.NONE, 4, Hdf5Options.DEFAULT, options));
    FileInput input = new FileInput(4096);
    input.open(storage, file);
    try (ParquetDecoder decoder = new ParquetDecoder(spec)) {
      List<Long> found = new ArrayList<>();
      decoder.decode(input, 0, expected.length, found::add);
      assertThat(found).as("%s", file).containsExactly(box(expected));
      for (int sample = 0; sample < expected.length; sample += 1 + expected.length / 40) {
        assertThat(decoder.decode(input, sample))
            .as("%s, sample %d", file, sample)
            .isEqualTo(expected[sample]);
      }
      assertThat(decoder.verify(input, expected.length))
          .as("%s", file)
          .isEqualTo(Arrays.stream(expected).sum());
    }
    input.close();
  }

  private static Long[] box(long[] values) {
    return Arrays.stream(values).boxed().toArray(Long[]::new);
  }

  /** All that changes bytes: codecs, columns, row groups, types, shapes, counts, levels. */
  private List<FileSpec> files() {
    List<FileSpec> files = new ArrayList<>();
    List<Compression> compressions = new ArrayList<>(List.of(Compression.NONE));
    compressions.addAll(format.compressions());
    for (Compression compression : compressions) {
      for (int columns : new int[] {1, 3, 40}) {
        for (long groupBytes : new long[] {1, 700, 1 << 20}) {
          for (ElementType type : ElementType.values()) {
            files.add(file(files, List.of(6, 5), type, 7, compression, 4, columns, groupBytes));
          }
          files.add(
              file(files, List.of(1), ElementType.INT16, 1, compression, 9, columns, groupBytes));
        }
        // Larger than a page, than the buffer, and one value after the other in one row group.
        for (List<Integer> dims : List.of(List.of(70_001), List.of(3, 1_000, 401))) {
          for (int level : new int[] {0, 1, 9}) {
            files.add(
                file(files, dims, ElementType.FLOAT32, 3, compression, level, columns, 1 << 20));
          }
        }
      }
      // Many pages of many values.
      files.add(file(files, List.of(9), ElementType.INT8, 20_000, compression, 4, 2, 1 << 17));
    }
    return files;
  }

  private static FileSpec file(
      List<FileSpec> before,
      List<Integer> dims,
      ElementType type,
      int samples,
      Compression compression,
      int level,
      int columns,
      long groupBytes) {
    ParquetOptions options = new ParquetOptions(columns, groupBytes, List.of());
    Encoding encoding = new Encoding(compression, level, Hdf5Options.DEFAULT, options);
    return new FileSpec(before.size(), dims, type, samples, encoding);
  }

  private String line(Path path, FileSpec file) {
    List<String> crcs = new ArrayList<>();
    for (int sample = 0; sample < file.samples(); sample++) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.sampleBytes());
      content.fill(file, sample, 0, bytes);
      CRC32 crc = new CRC32();
      crc.update(bytes.flip());
      crcs.add(String.valueOf(crc.getValue()));
    }
    ParquetOptions options = file.encoding().parquet();
    long groupRows =
        Math.min(file.samples(), Math.max(1, options.rowGroupBytes() / file.sampleBytes()));
    return String.join(
        "\t",
        path.toString(),
        file.elementType().yamlName(),
        String.join(",", file.dims().stream().map(String::valueOf).toList()),
        String.valueOf(options.columns()),
        String.valueOf(groupRows),
        codec(file.compression()),
        String.join(",", crcs));
  }

  private static String codec(Compression compression) {
    return compression == Compression.NONE ? "UNCOMPRESSED" : compression.name();
  }
}
