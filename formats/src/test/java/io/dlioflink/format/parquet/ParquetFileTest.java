/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.DatasetFile;
import io.dlioflink.format.Encoding;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.MemoryStorage;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.UnsupportedFileException;
import io.dlioflink.format.content.RandomContent;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import io.dlioflink.workload.Hdf5Options;
import io.dlioflink.workload.ParquetOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ParquetFileTest {
  private final MemoryStorage storage = new MemoryStorage();
  private final ParquetFormat format = new ParquetFormat();
  private final FileInput input = new FileInput(1 << 16);

  @Test
  void aSampleCostsItsPagesAndLittleMore() throws IOException {
    for (int samples : new int[] {1, 16, 100}) {
      for (int columns : new int[] {1, 4}) {
        FileSpec file = file(400_000, samples, Compression.NONE, columns, List.of());
        DatasetFile written = write(file);
        try (ParquetDecoder decoder = new ParquetDecoder(ReadSpec.of(file))) {
          List<Integer> order = new ArrayList<>();
          for (int sample = 0; sample < samples; sample++) {
            order.add(sample);
          }
          Collections.shuffle(order, new Random(4));
          long before = input.storageBytes();
          for (int sample : order) {
            assertThat(decode(decoder, written, sample)).isEqualTo(400_008);
          }
          assertThat(input.storageBytes() - before).isLessThan(402_000L * samples);
        }
      }
    }
  }

  @Test
  void theFooterIsReadOncePerFile() throws IOException {
    FileSpec file = file(100_000, 8, Compression.NONE, 1, List.of("x"));
    DatasetFile written = write(file);
    try (ParquetDecoder decoder = new ParquetDecoder(ReadSpec.of(file))) {
      decode(decoder, written, 3);
      long before = input.storageBytes();
      decode(decoder, written, 5);
      assertThat(input.storageBytes() - before).isBetween(100_004L, 100_060L);
    }
  }

  @Test
  void onlyTheColumnsWantedAreRead() throws IOException {
    FileSpec file = file(40_000, 10, Compression.NONE, 4, List.of("x1", "label"));
    DatasetFile written = write(file);
    assertThat(format.sampleBytes(file)).isEqualTo(10_008);
    try (ParquetDecoder decoder = new ParquetDecoder(ReadSpec.of(file))) {
      long before = input.storageBytes();
      assertThat(decode(decoder, written, 7)).isEqualTo(10_008);
      // The page of x1 holds six values.
      assertThat(input.storageBytes() - before).isLessThan(65_000);
      assertThat(verify(decoder, written, 10)).isEqualTo(100_080);
    }
  }

  @Test
  void aColumnThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
    DatasetFile written = write(file(100, 2, Compression.NONE, 3, List.of()));
    FileSpec wanted = file(100, 2, Compression.NONE, 3, List.of("x1", "image"));
    try (ParquetDecoder decoder = new ParquetDecoder(ReadSpec.of(wanted))) {
      assertThatThrownBy(() -> decode(decoder, written, 0))
          .isInstanceOf(BrokenFileException.class)
          .hasMessageContaining("found columns [label, x0, x1, x2], expected image");
    }
  }

  @Test
  void aRunOfSamplesReadsEachByteOnce() throws IOException {
    for (Compression compression : List.of(Compression.NONE, Compression.ZSTD)) {
      FileSpec file = file(30_000, 100, compression, 2, List.of());
      DatasetFile written = write(file);
      try (ParquetDecoder decoder = new ParquetDecoder(ReadSpec.of(file))) {
        List<Long> found = new ArrayList<>();
        long before = input.storageBytes();
        input.open(storage, written);
        decoder.decode(input, 0, 100, found::add);
        input.close();
        int length = storage.bytes(written.location()).length;
        assertThat(input.storageBytes() - before).isLessThan(length + 6_000L);
        assertThat(found).hasSize(100).containsOnly(30_008L);
        found.clear();
        input.open(storage, written);
        decoder.decode(input, 33, 5, found::add);
        input.close();
        assertThat(found).hasSize(5).containsOnly(30_008L);
      }
    }
  }

  @Test
  void anyChangedByteOfAPageIsFoundInTraining() throws IOException {
    for (Compression compression : Compression.values()) {
      FileSpec file = file(3_000, 3, compression, 2, List.of("x0", "x1"));
      DatasetFile written = write(file);
      byte[] bytes = storage.bytes(written.location());
      input.open(storage, written);
      FileLayout layout = new FooterReader().read(input, List.of("x0", "x1"), 3);
      input.close();
      for (int column = 0; column < 2; column++) {
        Chunk page = layout.chunk(0, column);
        // What is behind the head, of 40 bytes at most.
        for (int at = (int) page.start() + 40; at < page.end(); at += 37) {
          byte[] changed = bytes.clone();
          changed[at] ^= 4;
          storage.put("changed", changed);
          try (ParquetDecoder decoder = new ParquetDecoder(ReadSpec.of(file))) {
            assertThatThrownBy(() -> decode(decoder, MemoryStorage.file("changed"), 1))
                .as("%s %s", compression, page)
                .isInstanceOf(BrokenFileException.class);
          }
        }
      }
    }
  }

  @Test
  void filesOfPyarrowAreRead() throws IOException {
    for (Fixture fixture : fixtures()) {
      DatasetFile file = fixture.put(storage);
      try (ParquetDecoder decoder = fixture.decoder()) {
        List<Long> found = new ArrayList<>();
        input.open(storage, file);
        decoder.decode(input, 0, fixture.rowBytes.size(), found::add);
        input.close();
        assertThat(found).as(fixture.name).isEqualTo(fixture.rowBytes);
        for (int row = 0; row < found.size(); row++) {
          assertThat(decode(decoder, file, row)).isEqualTo(found.get(row));
        }
        assertThat(verify(decoder, file, found.size()))
            .isEqualTo(found.stream().mapToLong(Long::longValue).sum());
      }
    }
  }

  @Test
  void brokenFilesOfAnyKindEndInAnErrorOfOurs() throws IOException {
    Random random = new Random(8);
    int broken = 0;
    for (Fixture fixture : fixtures()) {
      int rows = fixture.rowBytes.size();
      for (int round = 0; round < 1500; round++) {
        byte[] bytes = fixture.bytes.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        storage.put("changed", bytes);
        try (ParquetDecoder decoder = fixture.decoder()) {
          if (round % 2 == 0) {
            verify(decoder, MemoryStorage.file("changed"), rows);
          } else {
            decode(decoder, MemoryStorage.file("changed"), random.nextInt(rows));
          }
        } catch (BrokenFileException | UnsupportedFileException e) {
          broken++;
          assertThat(e).hasMessageContaining("memory:///changed").hasMessageContaining("at byte");
        }
      }
    }
    assertThat(broken).isGreaterThan(1500);
  }

  @Test
  void sizesThatCannotBeAllocateNothing() throws IOException {
    FileSpec file = file(100, 1, Compression.NONE, 1, List.of());
    byte[] bytes = storage.bytes(write(file).location());
    int trailer = bytes.length - Parquet.TRAILER_BYTES;
    for (int length : new int[] {0, -1, Integer.MAX_VALUE, trailer - 3}) {
      byte[] changed = bytes.clone();
      ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(trailer, length);
      storage.put("changed", changed);
      try (ParquetDecoder decoder = new ParquetDecoder(ReadSpec.of(file))) {
        assertThatThrownBy(() -> decode(decoder, MemoryStorage.file("changed"), 0))
            .isInstanceOf(BrokenFileException.class)
            .hasMessageContaining("a footer of %d bytes", length);
      }
    }
  }

  @Test
  void anEncryptedFooterIsUnsupported() throws IOException {
    FileSpec file = file(100, 1, Compression.NONE, 1, List.of());
    byte[] bytes = storage.bytes(write(file).location());
    bytes[bytes.length - 1] = 'E';
    storage.put("encrypted", bytes);
    try (ParquetDecoder decoder = new ParquetDecoder(ReadSpec.of(file))) {
      assertThatThrownBy(() -> decode(decoder, MemoryStorage.file("encrypted"), 0))
          .isInstanceOf(UnsupportedFileException.class)
          .hasMessageContaining("encrypted");
    }
  }

  @Test
  void valuesThatFitNoPageAreRefusedWithTheColumnsNeeded() {
    FileSpec large =
        new FileSpec(0, List.of(30_000, 30_000), ElementType.INT32, 1, Compression.LZ4);
    assertThatThrownBy(() -> format.sampleBytes(large))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("parquet.num_columns is 1: a value has 3600000000 bytes")
        .hasMessageContaining("at most 67108860; expected at least 54 columns");
  }

  @Test
  void filesForgottenAreReadAgain() throws IOException {
    FileSpec file = file(1, 20_000, Compression.NONE, 1, List.of());
    FileSpec scattered =
        new FileSpec(
            0,
            file.dims(),
            file.elementType(),
            file.samples(),
            new Encoding(
                Compression.NONE, 4, Hdf5Options.DEFAULT, new ParquetOptions(1, 1, List.of())));
    byte[] bytes = storage.bytes(write(scattered).location());
    try (ParquetDecoder decoder = new ParquetDecoder(ReadSpec.of(file))) {
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 4; i++) {
          storage.put("file" + i, bytes);
          assertThat(decode(decoder, MemoryStorage.file("file" + i), 19_999 - i)).isEqualTo(9);
        }
      }
    }
  }

  private static FileSpec file(
      int bytes, int samples, Compression compression, int columns, List<String> wanted) {
    ParquetOptions options = new ParquetOptions(columns, 1 << 20, wanted);
    Encoding encoding = new Encoding(compression, 4, Hdf5Options.DEFAULT, options);
    return new FileSpec(1, List.of(bytes), ElementType.UINT8, samples, encoding);
  }

  private DatasetFile write(FileSpec file) throws IOException {
    try (SampleFileEncoder encoder = format.newEncoder()) {
      return storage.encode(format, encoder, file, new RandomContent(5), "written");
    }
  }

  private long decode(ParquetDecoder decoder, DatasetFile file, int sample) throws IOException {
    input.open(storage, file);
    try {
      return decoder.decode(input, sample);
    } finally {
      input.close();
    }
  }

  private long verify(ParquetDecoder decoder, DatasetFile file, int samples) throws IOException {
    input.open(storage, file);
    try {
      return decoder.verify(input, samples);
    } finally {
      input.close();
    }
  }

  /** Files made by {@code src/test/python/check_parquet.py fixtures}. */
  private static List<Fixture> fixtures() throws IOException {
    String list = new String(resource("LIST"), StandardCharsets.UTF_8);
    List<Fixture> fixtures = new ArrayList<>();
    for (String line : list.lines().toList()) {
      String[] parts = line.split("\t");
      List<Long> rows = Arrays.stream(parts[2].split(",")).map(Long::valueOf).toList();
      fixtures.add(new Fixture(parts[0], resource(parts[0]), rows));
    }
    assertThat(fixtures).hasSize(3);
    return fixtures;
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream stream = ParquetFileTest.class.getResourceAsStream(name)) {
      return stream.readAllBytes();
    }
  }

  /** A file of another writer, and the bytes of the values of each row. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Fixture(String name, byte[] bytes, List<Long> rowBytes) {

    DatasetFile put(MemoryStorage storage) {
      storage.put(name, bytes);
      return MemoryStorage.file(name);
    }

    ParquetDecoder decoder() {
      return new ParquetDecoder(
          new ReadSpec(rowBytes.size(), ElementType.UINT8, Encoding.of(Compression.NONE)));
    }
  }
}
