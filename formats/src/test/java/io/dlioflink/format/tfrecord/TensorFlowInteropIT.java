/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

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
 * TensorFlow reads what we write, and the reverse. Skipped where there is no Python with it: {@code
 * DLIO_FLINK_PYTHON} names the interpreter, by default {@code python3}.
 */
class TensorFlowInteropIT {
  private static final PythonScript SCRIPT = new PythonScript("check_tfrecord.py");

  private final TfRecordFormat format = new TfRecordFormat();
  private final MemoryStorage storage = new MemoryStorage();
  private final SampleContent content = new RandomContent(17);

  @TempDir private Path folder;

  @BeforeEach
  void requireTensorFlow() throws InterruptedException {
    SCRIPT.assumeModule("tensorflow");
  }

  @Test
  void tensorFlowReadsEveryFileOfOursAndWritesTheSameBytes() throws Exception {
    List<String> lines = new ArrayList<>();
    try (SampleFileEncoder encoder = format.newEncoder()) {
      for (FileSpec file : files()) {
        DatasetFile written = storage.encode(format, encoder, file, content, "written");
        Path path = folder.resolve("file-%d.tfrecord".formatted(lines.size()));
        Files.write(path, storage.bytes(written.location()));
        Path index = folder.resolve("file-%d.idx".formatted(lines.size()));
        String indexPath = format.companionPaths("written").get(0);
        Files.write(index, storage.bytes(MemoryStorage.location(indexPath)));
        lines.add(line(path, index, file));
      }
    }
    Path list = Files.write(folder.resolve("list"), lines);
    assertThat(SCRIPT.run("check", list.toString()))
        .contains("%d files checked, 0 failed".formatted(lines.size()));
  }

  @Test
  void filesOfTensorFlowAreRead() throws Exception {
    SCRIPT.run("write", folder.toString());
    int read = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path path : files.filter(file -> file.toString().endsWith(".tfrecord")).toList()) {
        readBack(path);
        read++;
      }
    }
    assertThat(read).isEqualTo(3 * 3 * 5);
  }

  private void readBack(Path path) throws IOException {
    String name = path.getFileName().toString();
    String[] parts = name.split("[-.]");
    int samples = Integer.parseInt(parts[1]);
    long sampleBytes = Long.parseLong(parts[2]);
    DatasetFile file = MemoryStorage.file(name);
    storage.put(name, Files.readAllBytes(path));
    storage.put(
        format.companionPaths(name).get(0), Files.readAllBytes(path.resolveSibling(name + ".idx")));
    ReadSpec spec = new ReadSpec(samples, ElementType.UINT8, Encoding.of(Compression.NONE));
    FileInput input = new FileInput(4096);
    try (TfRecordDecoder decoder = new TfRecordDecoder(spec)) {
      input.open(storage, file);
      assertThat(decoder.verify(input, samples)).as(name).isEqualTo(samples * sampleBytes);
      for (int sample = samples - 1; sample >= 0; sample -= 7) {
        input.open(storage, file);
        assertThat(decoder.decode(input, sample)).as(name).isEqualTo(sampleBytes);
      }
      List<Long> run = new ArrayList<>();
      input.open(storage, file);
      decoder.decode(input, 0, samples, run::add);
      assertThat(run).as(name).hasSize(samples).containsOnly(sampleBytes);
    }
  }

  private List<FileSpec> files() {
    List<FileSpec> files = new ArrayList<>();
    for (Compression compression : List.of(Compression.NONE, Compression.GZIP)) {
      for (int samples : new int[] {1, 3, 20}) {
        for (ElementType type : ElementType.values()) {
          files.add(new FileSpec(files.size(), List.of(6, 5), type, samples, compression));
        }
        // Lengths around those at which a varint grows, and more than a buffer.
        for (int bytes : new int[] {1, 60, 115, 121, 127, 128, 16370, 16383, 16384, 1_500_000}) {
          files.add(
              new FileSpec(files.size(), List.of(bytes), ElementType.UINT8, samples, compression));
        }
      }
    }
    return files;
  }

  private String line(Path path, Path index, FileSpec file) {
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
        index.toString(),
        file.compression().yamlName(),
        String.join(",", crcs));
  }
}
