/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pillow, with which DLIO writes and reads images, reads what we write, and the reverse. Skipped
 * where there is no Python with Pillow: {@code DLIO_FLINK_PYTHON} names the interpreter, by default
 * {@code python3}.
 */
class PillowInteropIT {
  private static final PythonScript SCRIPT = new PythonScript("check_images.py");
  private static final List<List<Integer>> SHAPES =
      List.of(
          List.of(1, 1),
          List.of(1, 9),
          List.of(9, 1),
          List.of(8, 8),
          List.of(17, 33, 3),
          List.of(224, 224),
          List.of(1501, 2003));

  private final MemoryStorage storage = new MemoryStorage();
  private final SampleContent content = new RandomContent(17);

  @TempDir private Path folder;

  @BeforeEach
  void requirePillow() throws Exception {
    SCRIPT.assumeModule("numpy");
    SCRIPT.assumeModule("PIL");
  }

  @Test
  void pillowReadsEveryFileOfOursAsWeDo() throws Exception {
    List<String> lines = new ArrayList<>();
    for (SampleFormat format : List.of(new JpegFormat(), new PngFormat())) {
      try (SampleFileEncoder encoder = format.newEncoder()) {
        for (List<Integer> dims : SHAPES) {
          FileSpec file = new FileSpec(7, dims, ElementType.UINT8, 1, Compression.NONE);
          String name = "%d.%s".formatted(lines.size(), format.format().yamlName());
          byte[] bytes =
              storage.bytes(storage.encode(format, encoder, file, content, name).location());
          lines.add(
              String.join(
                  "\t",
                  put(name, bytes),
                  put(name + ".raw", pixels(file)),
                  put(name + ".decoded", decode(name)),
                  String.valueOf(dims.get(0)),
                  String.valueOf(dims.get(1))));
        }
      }
    }
    Path list = Files.write(folder.resolve("list"), lines);
    assertThat(SCRIPT.run("check", list.toString()))
        .contains("%d files checked, 0 failed".formatted(lines.size()));
  }

  @Test
  void filesOfPillowAreReadAsPillowDoes() throws Exception {
    List<String> lines = SCRIPT.run("write", folder.toString()).lines().toList();
    for (String line : lines) {
      String[] fields = line.split("\t", -1);
      Path path = Path.of(fields[0]);
      String name = path.getFileName().toString();
      storage.put(name, Files.readAllBytes(path));
      requireClose(
          name,
          decode(name),
          Files.readAllBytes(Path.of(fields[0] + ".raw")),
          Integer.parseInt(fields[1]),
          Integer.parseInt(fields[2]));
    }
    assertThat(lines).hasSize(7 * 25);
  }

  private static void requireClose(
      String name, byte[] found, byte[] expected, int tolerance, int percent) {
    assertThat(found).as("%s", name).hasSameSizeAs(expected);
    int beyond = 0;
    for (int i = 0; i < found.length; i++) {
      if (Math.abs((found[i] & 0xff) - (expected[i] & 0xff)) > tolerance) {
        beyond++;
      }
    }
    assertThat(100L * beyond)
        .as("%s: %d values", name, beyond)
        .isLessThanOrEqualTo((long) percent * found.length);
  }

  private String put(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes).toString();
  }

  private byte[] pixels(FileSpec file) {
    GreyImage image = GreyImage.of(file);
    ByteBuffer pixels = ByteBuffer.allocate((int) image.pixels());
    image.fill(content, 0, pixels);
    return pixels.array();
  }

  private byte[] decode(String name) throws IOException {
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    ReadSpec spec =
        ReadSpec.of(new FileSpec(0, List.of(1), ElementType.UINT8, 1, Compression.NONE));
    FileInput input = new FileInput(4096);
    input.open(storage, MemoryStorage.file(name));
    try (SampleFileDecoder decoder =
        name.endsWith("png")
            ? new PngDecoder(spec, pixels::write)
            : new JpegDecoder(spec, pixels::write)) {
      assertThat(decoder.decode(input, 0)).as("%s", name).isEqualTo(pixels.size());
    } finally {
      input.close();
    }
    return pixels.toByteArray();
  }
}
