/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.Encoding;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.MemoryStorage;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.UnsupportedFileException;
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
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * h5py reads what we write, and the reverse. Skipped where there is no Python with h5py: {@code
 * DLIO_FLINK_PYTHON} names the interpreter, by default {@code python3}.
 */
class Hdf5InteropIT {
  private static final PythonScript SCRIPT = new PythonScript("check_hdf5.py");
  private static final Hdf5Options DEFAULT = Hdf5Options.DEFAULT;

  private final RangeRecordingStorage storage = new RangeRecordingStorage();
  private final SampleContent content = new RandomContent(17);
  private final FileInput input = new FileInput(4096);

  @TempDir private Path folder;

  @BeforeEach
  void requireH5py() throws Exception {
    SCRIPT.assumeModule("h5py");
  }

  @Test
  void h5pyReadsEveryFileOfOursAndWritesTheSameBytes() throws Exception {
    List<String> lines = new ArrayList<>();
    Hdf5Format format = new Hdf5Format();
    try (SampleFileEncoder encoder = format.newEncoder()) {
      for (FileSpec file : files()) {
        Path path = folder.resolve("file-%d.hdf5".formatted(lines.size()));
        byte[] bytes =
            storage.bytes(storage.encode(format, encoder, file, content, "written").location());
        format.fileLengthBytes(file).ifPresent(n -> assertThat(bytes.length).isEqualTo(n));
        Files.write(path, bytes);
        lines.add(line(path, file));
      }
    }
    Path list = Files.write(folder.resolve("list"), lines);
    String output = SCRIPT.run("check", list.toString());
    assertThat(output).contains("%d files checked, 0 failed".formatted(lines.size()));
    System.Logger log = System.getLogger(Hdf5InteropIT.class.getName());
    log.log(System.Logger.Level.INFO, output.strip());
  }

  @Test
  void filesOfH5pyAreReadByTheRangesOfTheirSamples() throws Exception {
    SCRIPT.run("write", folder.toString());
    int read = 0;
    List<String> failures = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("list"))) {
      try {
        readBack(line.split("\t"));
      } catch (IOException | AssertionError e) {
        failures.add(line.split("\t")[0] + ": " + e.getMessage());
      }
      read++;
    }
    assertThat(failures).isEmpty();
    assertThat(read).isGreaterThan(500);
  }

  @Test
  void changedFilesOfH5pyEndInAnErrorOfOursIfInOne() throws Exception {
    SCRIPT.run("write", folder.toString());
    Random random = new Random(5);
    for (String text : Files.readAllLines(folder.resolve("list"))) {
      String[] line = text.split("\t");
      byte[] bytes = Files.readAllBytes(folder.resolve(line[0]));
      if (bytes.length > 1 << 18) {
        continue;
      }
      for (int round = 0; round < 40; round++) {
        byte[] changed =
            round % 10 == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
        for (int changes = random.nextInt(4); changes > 0 && changed.length > 0; changes--) {
          changed[random.nextInt(changed.length)] =
              (byte) (random.nextBoolean() ? 0xff : random.nextInt(256));
        }
        storage.put(line[0], changed);
        try (Hdf5Decoder decoder = new Hdf5Decoder(spec(line))) {
          open(line[0]);
          decoder.decode(input, 0);
        } catch (BrokenFileException | UnsupportedFileException e) {
          assertThat(e).hasMessageContaining("memory:///").hasMessageContaining("at byte");
        }
      }
    }
  }

  private static ReadSpec spec(String[] line) {
    Hdf5Options options =
        new Hdf5Options(Integer.parseInt(line[2]), List.of(), List.of(), false, 0);
    return new ReadSpec(
        Integer.parseInt(line[3]),
        ElementType.valueOf(line[1].toUpperCase(Locale.ROOT)),
        new Encoding(Compression.NONE, 4, options, ParquetOptions.DEFAULT));
  }

  private void readBack(String[] line) throws IOException {
    storage.put(line[0], Files.readAllBytes(folder.resolve(line[0])));
    int samples = Integer.parseInt(line[3]);
    long sampleBytes = Long.parseLong(line[4]);
    try (Hdf5Decoder decoder = new Hdf5Decoder(spec(line))) {
      open(line[0]);
      assertThat(decoder.verify(input, samples)).isEqualTo(samples * sampleBytes);
      for (int sample = 0; sample < samples; sample++) {
        open(line[0]);
        storage.forgetRanges();
        assertThat(decoder.decode(input, sample)).isEqualTo(sampleBytes);
        assertThat(decoder.sampleChecksum())
            .as("checksum of sample %d", sample)
            .isEqualTo(Long.parseLong(line[5 + 2 * sample]));
        String ranges = line.length > 6 + 2 * sample ? line[6 + 2 * sample] : "";
        if (!ranges.equals("?")) {
          assertThat(storage.ranges()).as("ranges of sample %d", sample).isEqualTo(ranges);
        }
      }
    }
  }

  private void open(String name) throws IOException {
    input.close();
    input.open(storage, MemoryStorage.file(name));
  }

  /** Every option that changes bytes, with what it makes h5py do. */
  private static List<FileSpec> files() {
    List<FileSpec> files = new ArrayList<>();
    for (ElementType type : ElementType.values()) {
      for (int samples : new int[] {1, 3}) {
        for (List<Integer> dims :
            List.of(List.of(6, 5), List.of(300), List.of(3, 4, 5), List.of(1, 7), List.of(1))) {
          add(files, dims, type, samples, Compression.NONE, DEFAULT);
        }
      }
      add(files, List.of(600, 500), type, 2, Compression.NONE, DEFAULT);
      add(files, List.of(60, 50), type, 2, Compression.GZIP, DEFAULT);
      add(files, List.of(60, 50), type, 2, Compression.LZF, DEFAULT);
    }
    for (Compression compression : List.of(Compression.NONE, Compression.GZIP, Compression.LZF)) {
      for (int datasets : new int[] {1, 2, 3, 4, 12}) {
        List<Integer> dims = List.of(12, 5);
        List<List<Integer>> chunks =
            datasets == 12
                ? List.of(List.of(), List.of(1, 2), List.of(3, 5))
                : List.of(List.of(), List.of(1, 2, 2), List.of(2, 3, 5), List.of(3, 3, 4));
        for (List<Integer> chunk : chunks) {
          List<List<Integer>> maxShapes =
              datasets == 12
                  ? List.of(List.of(), List.of(50))
                  : List.of(List.of(), List.of(12, 5), List.of(30, 40));
          for (List<Integer> maxShape : maxShapes) {
            Hdf5Options options = new Hdf5Options(datasets, chunk, maxShape, false, 0);
            add(files, dims, ElementType.INT32, 3, compression, options);
          }
        }
      }
      for (long chunkBytes : new long[] {1, 1000, 1 << 20}) {
        Hdf5Options options = new Hdf5Options(1, List.of(), List.of(), true, chunkBytes);
        add(files, List.of(40, 70), ElementType.UINT16, 2, compression, options);
      }
      Hdf5Options auto = new Hdf5Options(1, List.of(), List.of(400, 700), false, 0);
      for (int side : new int[] {10, 50, 90, 200, 333}) {
        add(files, List.of(side, side), ElementType.FLOAT64, 3, compression, auto);
      }
      Hdf5Options large = new Hdf5Options(1, List.of(2, 700, 700), List.of(), false, 0);
      add(files, List.of(700, 700), ElementType.UINT8, 3, compression, large);
      Hdf5Options many = new Hdf5Options(1, List.of(1, 1, 2), List.of(), false, 0);
      add(files, List.of(70, 70), ElementType.UINT8, 2, compression, many);
    }
    // More compressed bytes than are kept, and no compression at all.
    add(files, List.of(1500, 1500), ElementType.FLOAT64, 1, Compression.GZIP, DEFAULT);
    add(files, List.of(1500, 1500), ElementType.FLOAT64, 1, Compression.LZF, DEFAULT);
    for (int level = 0; level <= 9; level++) {
      files.add(
          new FileSpec(
              files.size(),
              List.of(60, 50),
              ElementType.INT64,
              2,
              new Encoding(Compression.GZIP, level, DEFAULT, ParquetOptions.DEFAULT)));
    }
    return files;
  }

  private static void add(
      List<FileSpec> files,
      List<Integer> dims,
      ElementType type,
      int samples,
      Compression compression,
      Hdf5Options options) {
    Encoding encoding = new Encoding(compression, 4, options, ParquetOptions.DEFAULT);
    files.add(new FileSpec(files.size(), dims, type, samples, encoding));
  }

  private String line(Path path, FileSpec file) {
    CreationProperties properties = CreationProperties.of(file);
    Hdf5Options options = file.encoding().hdf5();
    boolean gzip = file.compression() == Compression.GZIP;
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
        String.valueOf(properties.datasets()),
        text(properties.dims()),
        options.enableChunking() ? text(properties.chunkDims()) : text(options.chunkDims()),
        options.maxShape().isEmpty() ? "-" : text(properties.maxDims()),
        file.compression() == Compression.NONE ? "-" : file.compression().yamlName(),
        gzip ? String.valueOf(file.encoding().compressionLevel()) : "-",
        sameAsH5py(file, properties) ? "1" : "0",
        String.join(",", crcs));
  }

  /** HDF5 2.0 has a layout of its own for filters; more metadata than 2048 bytes it scatters. */
  private static boolean sameAsH5py(FileSpec file, CreationProperties properties) {
    if (properties.filtered() || properties.datasets() > 2) {
      return false;
    }
    StoredChunks chunks =
        properties.chunked() ? StoredChunks.unfiltered(properties) : StoredChunks.none();
    return new FileMetadata(file, properties, chunks).payloadOffset() == 2048;
  }

  private static String text(List<Integer> dims) {
    return dims.isEmpty()
        ? "-"
        : dims.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
