/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.indexed;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.format.DatasetFile;
import io.dlioflink.format.Encoding;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.MemoryStorage;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleContent;
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
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * NumPy reads what we write, as DLIO's reader does, and the reverse. Skipped where there is no
 * Python with it: {@code DLIO_FLINK_PYTHON} names the interpreter, by default {@code python3}.
 */
class NumpyIndexedInteropIT {
  private static final PythonScript SCRIPT = new PythonScript("check_indexed.py");

  private final MemoryStorage storage = new MemoryStorage();
  private final SampleContent content = new RandomContent(17);

  @TempDir private Path folder;

  @BeforeEach
  void requireNumpy() throws InterruptedException {
    SCRIPT.assumeModule("numpy");
  }

  @Test
  void numpyReadsEveryFileOfOurs() throws Exception {
    List<String> lines = new ArrayList<>();
    for (SampleFormat format : List.of(new IndexedBinaryFormat(), new MmapIndexedBinaryFormat())) {
      try (SampleFileEncoder encoder = format.newEncoder()) {
        for (ElementType type : ElementType.values()) {
          for (List<Integer> dims : List.of(List.of(1), List.of(3, 4, 5), List.of(700, 1001))) {
            for (int samples : new int[] {1, 3}) {
              FileSpec file = new FileSpec(lines.size(), dims, type, samples, Compression.NONE);
              lines.add(line(write(format, encoder, file, lines.size()), file));
            }
          }
        }
        FileSpec many = new FileSpec(0, List.of(3), ElementType.UINT16, 20_000, Compression.NONE);
        lines.add(line(write(format, encoder, many, lines.size()), many));
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
      for (Path path : files.filter(file -> file.toString().endsWith("_binary")).toList()) {
        readBack(path);
        read++;
      }
    }
    assertThat(read).isEqualTo(2 * 3 * 3 * 2);
  }

  private Path write(SampleFormat format, SampleFileEncoder encoder, FileSpec file, int number)
      throws IOException {
    DatasetFile written = storage.encode(format, encoder, file, content, "file-" + number);
    for (String companion : format.companionPaths(written.path())) {
      Files.write(folder.resolve(companion), storage.bytes(MemoryStorage.location(companion)));
    }
    return Files.write(folder.resolve(written.path()), storage.bytes(written.location()));
  }

  private void readBack(Path path) throws IOException {
    String name = path.getFileName().toString();
    String[] parts = name.split("[-.]");
    int samples = Integer.parseInt(parts[1]);
    long sampleBytes = Long.parseLong(parts[2]);
    for (String file : List.of(name, name + ".off.idx", name + ".sz.idx")) {
      storage.put(file, Files.readAllBytes(path.resolveSibling(file)));
    }
    ReadSpec spec = new ReadSpec(samples, ElementType.UINT8, Encoding.of(Compression.NONE));
    FileInput input = new FileInput(4096);
    try (IndexedDecoder decoder = new IndexedDecoder(spec)) {
      input.open(storage, MemoryStorage.file(name));
      assertThat(decoder.verify(input, samples)).as(name).isEqualTo(samples * sampleBytes);
      for (int sample = 0; sample < samples; sample += 1 + samples / 10) {
        input.open(storage, MemoryStorage.file(name));
        assertThat(decoder.decode(input, sample)).as(name).isEqualTo(sampleBytes);
      }
    }
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
    return String.join(
        "\t",
        path.toString(),
        file.elementType().yamlName(),
        String.join(",", file.dims().stream().map(String::valueOf).toList()),
        String.join(",", crcs));
  }
}
