/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.DatasetFile;
import io.dlioflink.format.Encoding;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.MemoryStorage;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.UnsupportedFileException;
import io.dlioflink.format.content.RandomContent;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import io.dlioflink.workload.Hdf5Options;
import io.dlioflink.workload.ParquetOptions;
import io.jhdf.checksum.ChecksumUtils;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class Hdf5DecoderTest {
  private final RangeRecordingStorage storage = new RangeRecordingStorage();
  private final SampleContent content = new RandomContent(3);
  private final FileInput input = new FileInput(1 << 16);

  @Test
  void aSampleCostsItsOwnBytesAndNoMoreOnceTheLayoutIsKnown() throws IOException {
    Hdf5Options three = new Hdf5Options(3, List.of(), List.of(), false, 0);
    Hdf5Options rows = new Hdf5Options(1, List.of(1, 30, 100), List.of(), false, 0);
    Hdf5Options several = new Hdf5Options(3, List.of(4, 100, 20), List.of(), false, 0);
    Hdf5Options growing = new Hdf5Options(1, List.of(1, 100, 100), List.of(900, 900), false, 0);
    for (Hdf5Options options : List.of(Hdf5Options.DEFAULT, three, rows, several, growing)) {
      FileSpec file = file(List.of(300, 100), 8, Compression.NONE, options);
      DatasetFile written = write(file);
      try (Hdf5Decoder decoder = new Hdf5Decoder(ReadSpec.of(file))) {
        read(decoder, written, 0);
        for (int sample : new int[] {5, 0, 7, 7}) {
          storage.forgetRanges();
          assertThat(read(decoder, written, sample)).isEqualTo(file.sampleBytes());
          assertThat(storage.readBytes()).as("%s", options).isEqualTo(file.sampleBytes());
        }
      }
    }
  }

  @Test
  void theLayoutOfASmallFileIsOneRequest() throws IOException {
    FileSpec file = file(List.of(300, 100), 8, Compression.NONE, Hdf5Options.DEFAULT);
    DatasetFile written = write(file);
    try (Hdf5Decoder decoder = new Hdf5Decoder(ReadSpec.of(file))) {
      storage.forgetRanges();
      read(decoder, written, 7);
      long start = 2048 + 7 * file.sampleBytes();
      assertThat(storage.ranges())
          .isEqualTo("0:16384;%d:%d".formatted(start, start + file.sampleBytes()));
    }
  }

  @Test
  void everyElementOfASampleIsLookedAt() throws IOException {
    for (Compression compression : Compression.values()) {
      if (compression == Compression.NONE
          || new Hdf5Format().compressions().contains(compression)) {
        Hdf5Options one = new Hdf5Options(1, List.of(1, 700, 500), List.of(), false, 0);
        FileSpec file = file(List.of(700, 500), 3, compression, one);
        DatasetFile written = write(file);
        try (Hdf5Decoder decoder = new Hdf5Decoder(ReadSpec.of(file))) {
          for (int sample = 0; sample < 3; sample++) {
            read(decoder, written, sample);
            assertThat(decoder.sampleChecksum()).isEqualTo(checksum(file, sample));
          }
        }
      }
    }
  }

  @Test
  void whatIsMissingOrOtherIsNamed() throws IOException {
    FileSpec file = file(List.of(6, 5), 2, Compression.NONE, Hdf5Options.DEFAULT);
    write(file);
    Hdf5Options two = new Hdf5Options(2, List.of(), List.of(), false, 0);
    assertThatThrownBy(() -> read(spec(2, ElementType.FLOAT32, two)))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("no dataset records_1; found [records_0, labels]");
    assertThatThrownBy(() -> read(spec(2, ElementType.FLOAT64, Hdf5Options.DEFAULT)))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("elements of 4 bytes, expected float64 with 8");
    assertThatThrownBy(() -> read(spec(3, ElementType.FLOAT32, Hdf5Options.DEFAULT)))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("records_0 has 2 samples, expected 3");
  }

  @Test
  void aDatasetOfTheMlperfBranchIsRead() throws IOException {
    FileSpec file = file(List.of(6, 5), 2, Compression.NONE, Hdf5Options.DEFAULT);
    byte[] bytes = storage.bytes(write(file).location());
    int name = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("records_0");
    // Shorter by two letters, which then belong to the address: the link is made anew.
    byte[] renamed = bytes.clone();
    ByteBuffer link = ByteBuffer.wrap(renamed).order(ByteOrder.LITTLE_ENDIAN);
    long address = link.getLong(name + 9);
    link.putShort(name - 6, (short) 18).put(name - 1, (byte) 7).putLong(name + 7, address);
    byte[] rest = Arrays.copyOfRange(bytes, name + 17, 175);
    link.position(name + 15).put(rest).putShort((short) 0);
    // The NIL message at the end grows by what the link lost.
    int nil = name + 15 + 21;
    link.putShort(nil + 1, (short) (link.getShort(nil + 1) + 2));
    storage.put("written", repaired(renamed));
    assertThat(read(spec(2, ElementType.FLOAT32, Hdf5Options.DEFAULT)))
        .isEqualTo(file.sampleBytes());
  }

  @Test
  void metadataThatLieAreNoticedOrHarmless() throws IOException {
    Random random = new Random(11);
    Hdf5Options growing = new Hdf5Options(2, List.of(1, 3, 2), List.of(9, 9), false, 0);
    for (Compression compression : List.of(Compression.NONE, Compression.LZF)) {
      for (Hdf5Options options : List.of(Hdf5Options.DEFAULT, growing)) {
        FileSpec file = file(List.of(6, 5), 2, compression, options);
        byte[] bytes = storage.bytes(write(file).location());
        for (int round = 0; round < 20_000; round++) {
          byte[] changed = bytes.clone();
          for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(1600);
            changed[at] = (byte) (random.nextBoolean() ? 0xff : random.nextInt(256));
          }
          storage.put("written", repaired(changed));
          try {
            read(ReadSpec.of(file));
          } catch (BrokenFileException | UnsupportedFileException e) {
            assertThat(e).hasMessageContaining("memory:///written").hasMessageContaining("at byte");
          }
        }
      }
    }
  }

  @Test
  void aFileThatIsNoHdf5SaysWhatItIs() {
    storage.put("written", new byte[3000]);
    assertThatThrownBy(() -> read(spec(1, ElementType.UINT8, Hdf5Options.DEFAULT)))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("found 0000000000000000, expected the HDF5 signature");
  }

  /** Gives the superblock, object headers and array indexes the checksums they should have. */
  private static byte[] repaired(byte[] bytes) {
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    repair(all, 0, 44);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    for (int at = text.indexOf("OHDR"); at >= 0; at = text.indexOf("OHDR", at + 1)) {
      int sizeBytes = 1 << (bytes[at + 5] & 3);
      long size = sizeBytes == 1 ? bytes[at + 6] & 0xff : all.getInt(at + 6);
      size = sizeBytes == 2 ? all.getShort(at + 6) & 0xffff : size;
      repair(all, at, 6 + sizeBytes + size);
    }
    for (int at = text.indexOf("FAHD"); at >= 0; at = text.indexOf("FAHD", at + 1)) {
      repair(all, at, 24);
      repair(all, at + 28, 14 + all.getLong(at + 8) * bytes[at + 6]);
    }
    return bytes;
  }

  private static void repair(ByteBuffer all, int start, long length) {
    if (length > 0 && start + length + 4 <= all.capacity()) {
      byte[] covered = new byte[(int) length];
      all.get(start, covered);
      all.putInt((int) (start + length), ChecksumUtils.checksum(covered));
    }
  }

  private long checksum(FileSpec file, int sample) {
    ByteBuffer bytes = ByteBuffer.allocate((int) file.sampleBytes());
    content.fill(file, sample, 0, bytes);
    CRC32C crc = new CRC32C();
    crc.update(bytes.flip());
    return crc.getValue();
  }

  private static ReadSpec spec(int samples, ElementType type, Hdf5Options options) {
    return new ReadSpec(
        samples, type, new Encoding(Compression.NONE, 4, options, ParquetOptions.DEFAULT));
  }

  private static FileSpec file(
      List<Integer> dims, int samples, Compression compression, Hdf5Options options) {
    return new FileSpec(
        0,
        dims,
        ElementType.FLOAT32,
        samples,
        new Encoding(compression, 4, options, ParquetOptions.DEFAULT));
  }

  private DatasetFile write(FileSpec file) throws IOException {
    try (SampleFileEncoder encoder = new Hdf5Encoder()) {
      return storage.encode(new Hdf5Format(), encoder, file, content, "written");
    }
  }

  private long read(ReadSpec spec) throws IOException {
    try (Hdf5Decoder decoder = new Hdf5Decoder(spec)) {
      return read(decoder, MemoryStorage.file("written"), 0);
    }
  }

  private long read(Hdf5Decoder decoder, DatasetFile file, int sample) throws IOException {
    input.open(storage, file);
    try {
      return decoder.decode(input, sample);
    } finally {
      input.close();
    }
  }
}
