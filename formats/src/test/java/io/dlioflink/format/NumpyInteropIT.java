/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.format.content.RandomContent;
import io.dlioflink.storage.PythonScript;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import io.dlioflink.workload.FileFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * NumPy reads what we write, and the reverse. Skipped where there is no Python with NumPy: {@code
 * DLIO_FLINK_PYTHON} names the interpreter, by default {@code python3}.
 */
class NumpyInteropIT {
  private static final PythonScript SCRIPT = new PythonScript("check_numpy.py");
  private static final List<List<Integer>> SHAPES =
      List.of(List.of(6, 5), List.of(300), List.of(3, 4, 5), List.of(2100, 1000));

  private final MemoryStorage storage = new MemoryStorage();
  private final SampleContent content = new RandomContent(17);

  @TempDir private Path folder;

  @BeforeEach
  void requireNumpy() throws Exception {
    SCRIPT.assumeModule("numpy");
  }

  @Test
  void numpyReadsEveryFileOfOursAndWritesTheSameBytes() throws Exception {
    List<String> lines = new ArrayList<>();
    for (FileFormat name : List.of(FileFormat.NPY, FileFormat.NPZ)) {
      SampleFormat format = SampleFormats.find(name).orElseThrow();
      try (SampleFileEncoder encoder = format.newEncoder()) {
        for (FileSpec file : files(format)) {
          Path path = folder.resolve("file-%d.%s".formatted(lines.size(), name.yamlName()));
          Files.write(path, encode(format, encoder, file));
          lines.add(line(path, file));
        }
      }
    }
    Path list = Files.write(folder.resolve("list"), lines);
    assertThat(SCRIPT.run("check", list.toString()))
        .contains("%d files checked, 0 failed".formatted(lines.size()));
  }

  @Test
  void filesOfNumpyAreRead() throws Exception {
    SCRIPT.run("write", folder.toString());
    int read = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path path : files.sorted().toList()) {
        readBack(path);
        read++;
      }
    }
    assertThat(read).isEqualTo(11 * 2 * 9);
  }

  private void readBack(Path path) throws IOException {
    String[] name = path.getFileName().toString().split("[-.]");
    ElementType type = ElementType.valueOf(name[1].toUpperCase(Locale.ROOT));
    int samples = Integer.parseInt(name[2]);
    SampleFormat format =
        SampleFormats.find(FileFormat.valueOf(name[3].toUpperCase(Locale.ROOT))).orElseThrow();
    DatasetFile file = MemoryStorage.file(path.getFileName().toString());
    storage.put(file.path(), Files.readAllBytes(path));
    ReadSpec spec = new ReadSpec(samples, type, Encoding.of(Compression.NONE));
    FileInput input = new FileInput(4096);
    try (SampleFileDecoder decoder = format.newDecoder(spec)) {
      input.open(storage, file);
      assertThat(decoder.decode(input, samples - 1)).as("%s", path).isEqualTo(30L * type.bytes());
    }
  }

  private static List<FileSpec> files(SampleFormat format) {
    List<FileSpec> files = new ArrayList<>();
    List<Compression> compressions = new ArrayList<>(List.of(Compression.NONE));
    compressions.addAll(format.compressions());
    for (Compression compression : compressions) {
      for (ElementType type : ElementType.values()) {
        for (int samples : new int[] {1, 3}) {
          // The large shape needs more than one buffer and an element across the end of one.
          for (List<Integer> dims : SHAPES.subList(0, type.bytes() < 8 ? 3 : 4)) {
            if (dims.size() != 2 || dims.get(0) < 1000 || compression == Compression.NONE) {
              files.add(new FileSpec(files.size(), dims, type, samples, compression));
            }
          }
        }
      }
    }
    return files;
  }

  private byte[] encode(SampleFormat format, SampleFileEncoder encoder, FileSpec file)
      throws IOException {
    return storage.bytes(storage.encode(format, encoder, file, content, "written").location());
  }

  private String line(Path path, FileSpec file) {
    List<String> shape = new ArrayList<>(file.dims().stream().map(String::valueOf).toList());
    shape.add(String.valueOf(file.samples()));
    List<String> crcs = new ArrayList<>();
    for (int sample = 0; sample < file.samples(); sample++) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.sampleBytes());
      content.fill(file, sample, 0, bytes);
      CRC32 crc = new CRC32();
      crc.update(bytes.flip());
      crcs.add(String.valueOf(crc.getValue()));
    }
    return String.join(
        "\t",
        path.toString(),
        file.elementType().yamlName(),
        String.join(",", shape),
        String.join(",", crcs));
  }
}
