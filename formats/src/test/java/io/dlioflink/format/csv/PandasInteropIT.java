/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.format.DatasetFile;
import io.dlioflink.format.Encoding;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.MemoryStorage;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.format.content.RandomContent;
import io.dlioflink.storage.PythonScript;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * pandas reads what we write, and the reverse. Skipped where there is no Python with pandas: {@code
 * DLIO_FLINK_PYTHON} names the interpreter, by default {@code python3}.
 */
class PandasInteropIT {
  private static final PythonScript SCRIPT = new PythonScript("check_csv.py");

  private final MemoryStorage storage = new MemoryStorage();
  private final SampleFormat format = new CsvFormat();
  private final RandomContent random = new RandomContent(17);
  private final List<String> lines = new ArrayList<>();

  @TempDir private Path folder;

  @BeforeEach
  void requirePandas() throws Exception {
    SCRIPT.assumeModule("pandas");
  }

  @Test
  void pandasReadsEveryFileOfOursAndWritesTheSameText() throws Exception {
    List<Compression> compressions = new ArrayList<>(List.of(Compression.NONE));
    compressions.addAll(format.compressions());
    for (ElementType type : ElementType.values()) {
      for (Compression compression : compressions) {
        for (List<Integer> dims : List.of(List.of(1), List.of(6, 5), List.of(3, 4, 500))) {
          for (int samples : new int[] {1, 3}) {
            write(new FileSpec(lines.size(), dims, type, samples, compression), random);
          }
        }
      }
    }
    checkAll();
  }

  @Test
  void pandasWritesAnyNumberAsWeDo() throws Exception {
    for (ElementType type : ElementType.values()) {
      write(new FileSpec(1, List.of(1000), type, 300, Compression.NONE), random);
      write(new FileSpec(2, List.of(1000), type, 300, Compression.NONE), this::anyBits);
    }
    checkAll();
  }

  /** All bit patterns, also of floating-point numbers. */
  private void anyBits(FileSpec file, int sample, long offset, ByteBuffer target) {
    List<Integer> dims = List.of(Math.toIntExact(file.sampleBytes()));
    FileSpec bytes =
        new FileSpec(
            file.fileNumber(), dims, ElementType.UINT8, file.samples(), file.compression());
    random.fill(bytes, sample, offset, target);
  }

  @Test
  void filesOfPandasAreRead() throws Exception {
    SCRIPT.run("write", folder.toString());
    int read = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path path : files.sorted().toList()) {
        readBack(path);
        read++;
      }
    }
    assertThat(read).isEqualTo(11 * 2 * 6);
  }

  private void readBack(Path path) throws IOException {
    String[] name = path.getFileName().toString().split("[-.]");
    ElementType type = ElementType.valueOf(name[1].toUpperCase(Locale.ROOT));
    int samples = Integer.parseInt(name[2]);
    DatasetFile file = MemoryStorage.file(path.getFileName().toString());
    storage.put(file.path(), Files.readAllBytes(path));
    ReadSpec spec = new ReadSpec(samples, type, Encoding.of(Compression.NONE));
    FileInput input = new FileInput(4096);
    try (SampleFileDecoder decoder = format.newDecoder(spec)) {
      input.open(storage, file);
      assertThat(decoder.decode(input, samples - 1)).as("%s", path).isEqualTo(30L * type.bytes());
    }
  }

  private void write(FileSpec file, SampleContent content) throws IOException {
    Path path = folder.resolve("file-%d.csv".formatted(lines.size()));
    try (SampleFileEncoder encoder = format.newEncoder()) {
      DatasetFile written = storage.encode(format, encoder, file, content, "written");
      Files.write(path, storage.bytes(written.location()));
    }
    ByteBuffer raw = ByteBuffer.allocate(Math.toIntExact(file.payloadBytes()));
    for (int sample = 0; sample < file.samples(); sample++) {
      int length = Math.toIntExact(file.sampleBytes());
      content.fill(file, sample, 0, raw.slice(sample * length, length));
    }
    Files.write(Path.of(path + ".raw"), raw.array());
    lines.add(
        String.join(
            "\t",
            path.toString(),
            file.elementType().yamlName(),
            String.valueOf(file.samples()),
            file.compression().yamlName()));
  }

  private void checkAll() throws Exception {
    Path list = Files.write(folder.resolve("list"), lines);
    assertThat(SCRIPT.run("check", list.toString()))
        .contains("%d files checked, 0 failed".formatted(lines.size()));
  }
}
