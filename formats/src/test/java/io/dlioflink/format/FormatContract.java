/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.format.content.RandomContent;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every format must do; extended once per format. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class FormatContract {
  private static final int CHUNK_BYTES = 4096;
  private static final List<List<Integer>> SHAPES =
      List.of(List.of(7), List.of(5, 3), List.of(3, 4, 5));
  private static final int[] SAMPLE_COUNTS = {1, 2, 5};

  /** The fate of one byte of a file when it changes. */
  protected enum Guard {
    /** The format notices. */
    ALWAYS_NOTICED,
    /** The format may notice; if not, the sample has its length all the same. */
    MAY_PASS
  }

  protected final MemoryStorage storage = new MemoryStorage();
  protected final SampleContent content = new RandomContent(42);
  private final Map<Integer, FileInput> inputs = new TreeMap<>();
  private SampleFileEncoder encoder;

  @AfterEach
  void closeEncoder() {
    if (encoder != null) {
      encoder.close();
    }
  }

  /** The format under test. */
  protected abstract SampleFormat format();

  /** The compressions that make a difference to the format; the first is none. */
  protected abstract List<Compression> compressions();

  /** First 16 hex digits of the SHA-256 of uncompressed files, by the names {@link #goldenName}. */
  protected abstract Map<String, String> goldenHashes();

  /** Whether the format has a check over the byte at an offset of this file. */
  protected abstract Guard guard(FileSpec file, byte[] bytes, int offset);

  /** The file length from which on nothing is missing that the decoder looks at. */
  protected int neededBytes(FileSpec file, byte[] bytes) {
    return bytes.length;
  }

  @Test
  void samplesOfEveryTypeShapeAndCountComeBackWhole() throws IOException {
    for (FileSpec file : allFiles()) {
      Location written = write(file);
      for (int sample = 0; sample < file.samples(); sample++) {
        assertThat(read(written, file.samples(), sample, CHUNK_BYTES))
            .as("%s sample %d", file, sample)
            .isEqualTo(file.sampleBytes());
      }
    }
  }

  @Test
  void theLengthIsKnownBeforeUnlessCompressed() throws IOException {
    for (FileSpec file : allFiles()) {
      OptionalLong announced = format().fileLengthBytes(file);
      if (announced.isPresent()) {
        assertThat(storage.bytes(write(file)).length)
            .as("%s", file)
            .isEqualTo(announced.getAsLong());
      } else {
        assertThat(file.compression()).isNotEqualTo(Compression.NONE);
      }
    }
  }

  @Test
  void theBytesOfFilesNeverChange() throws IOException {
    Map<String, String> found = new TreeMap<>();
    for (FileSpec file : allFiles()) {
      if (file.compression() == Compression.NONE) {
        found.put(goldenName(file), sha256(storage.bytes(write(file))));
      }
    }
    Map<String, String> golden = goldenHashes();
    found.keySet().retainAll(golden.keySet());
    assertThat(golden).isNotEmpty().containsExactlyInAnyOrderEntriesOf(found);
  }

  @Test
  void anEncoderLeavesNothingOfOneFileInTheNext() throws IOException {
    for (FileSpec file : allFiles()) {
      byte[] bytes = storage.bytes(write(file));
      try (SampleFileEncoder fresh = format().newEncoder()) {
        assertThat(bytes).as("%s", file).isEqualTo(storage.bytes(write(fresh, file)));
      }
    }
  }

  @Test
  void aDecoderReadsOnAfterABrokenFile() throws IOException {
    for (Compression compression : compressions()) {
      FileSpec file = file(List.of(3, 4), ElementType.FLOAT32, 2, compression);
      byte[] bytes = storage.bytes(write(file));
      Location cut = storage.put("cut", Arrays.copyOf(bytes, bytes.length / 2));
      Location whole = storage.put("whole", bytes);
      try (SampleFileDecoder decoder = format().newDecoder(2)) {
        FileInput input = new FileInput(CHUNK_BYTES);
        for (int i = 0; i < 3; i++) {
          assertThatThrownBy(() -> decode(decoder, input, cut, 1))
              .isInstanceOf(BrokenFileException.class);
          assertThat(decode(decoder, input, whole, 1)).isEqualTo(file.sampleBytes());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1, 3000, 3600, 3968, 3969, 4095, 4096, 4097, 8063, 8064, 8192, 65536, 70000, 1048393,
        1048394, 1048576, 1200000
      })
  void lengthsAroundChunkBoundariesComeBackWhole(int sampleBytes) throws IOException {
    for (Compression compression : compressions()) {
      for (int samples : new int[] {1, 3}) {
        FileSpec file = file(List.of(sampleBytes), ElementType.UINT8, samples, compression);
        Location written = write(file);
        for (int chunk : new int[] {4096, 8192, 1 << 20}) {
          assertThat(read(written, samples, samples - 1, chunk)).isEqualTo(sampleBytes);
        }
      }
    }
  }

  @Test
  void aFileCutAnywhereIsBroken() throws IOException {
    for (FileSpec file : smallFiles()) {
      byte[] bytes = storage.bytes(write(file));
      int needed = neededBytes(file, bytes);
      for (int length = 0; length < needed; length++) {
        Location cut = storage.put("cut", Arrays.copyOf(bytes, length));
        assertThatThrownBy(() -> read(cut, file.samples(), 0, CHUNK_BYTES))
            .as("%s cut to %d of %d bytes", file, length, bytes.length)
            .isInstanceOf(BrokenFileException.class)
            .hasMessageContaining("memory:///cut")
            .hasMessageContaining("at byte");
      }
    }
  }

  @Test
  void bytesBehindTheEndAreBroken() throws IOException {
    for (FileSpec file : smallFiles()) {
      byte[] bytes = storage.bytes(write(file));
      Location longer = storage.put("longer", Arrays.copyOf(bytes, bytes.length + 9));
      assertThatThrownBy(() -> read(longer, file.samples(), 0, CHUNK_BYTES))
          .isInstanceOf(BrokenFileException.class)
          .hasMessageContaining("9 bytes follow");
    }
  }

  @Test
  void aChangedByteIsNoticedOrLeavesTheSampleItsLength() throws IOException {
    for (FileSpec file : smallFiles()) {
      byte[] bytes = storage.bytes(write(file));
      for (int at = 0; at < bytes.length; at++) {
        for (int flip : new int[] {0x01, 0x10, 0x80, 0xff}) {
          byte[] changed = bytes.clone();
          changed[at] ^= (byte) flip;
          requireSane(file, changed, guard(file, bytes, at), "byte " + at + " ^ " + flip);
        }
      }
    }
  }

  @Test
  void garbageEndsInAnErrorOfOurs() throws IOException {
    Random random = new Random(7);
    for (FileSpec file : smallFiles()) {
      byte[] bytes = storage.bytes(write(file));
      for (int round = 0; round < 2000; round++) {
        byte[] garbage = new byte[random.nextInt(2 * CHUNK_BYTES)];
        random.nextBytes(garbage);
        // A true start leads deeper into the decoder.
        int start = Math.min(random.nextInt(bytes.length), garbage.length);
        System.arraycopy(bytes, 0, garbage, 0, start);
        if (start < bytes.length - 8) {
          requireSane(file, garbage, Guard.MAY_PASS, "garbage of round " + round);
        }
      }
    }
  }

  @Test
  void aNumberOfSamplesThatDiffersIsNamed() throws IOException {
    for (Compression compression : compressions()) {
      Location written = write(file(List.of(4, 4), ElementType.UINT8, 3, compression));
      assertThatThrownBy(() -> read(written, 2, 0, CHUNK_BYTES))
          .isInstanceOf(BrokenFileException.class)
          .hasMessageContaining("3 samples")
          .hasMessageContaining("expected 2");
    }
  }

  @Test
  void aSampleThatCannotBeIsRefused() throws IOException {
    Location written = write(file(List.of(4), ElementType.UINT8, 2, Compression.NONE));
    assertThatThrownBy(() -> read(written, 2, 2, CHUNK_BYTES))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("2");
  }

  @Test
  void theFormatIsFoundByItsName() {
    assertThat(SampleFormats.find(format().format())).get().isInstanceOf(format().getClass());
  }

  private void requireSane(FileSpec file, byte[] bytes, Guard guard, String what)
      throws IOException {
    Location changed = storage.put("changed", bytes);
    try {
      long found = read(changed, file.samples(), 0, CHUNK_BYTES);
      assertThat(guard).as("%s of %s passed", what, file).isEqualTo(Guard.MAY_PASS);
      assertThat(found).as("%s of %s", what, file).isEqualTo(file.sampleBytes());
    } catch (BrokenFileException | UnsupportedFileException e) {
      assertThat(e).hasMessageContaining("memory:///changed").hasMessageContaining("at byte");
    }
  }

  /** All element types, 1 to 3 dimensions, one and several samples, all compressions. */
  protected final List<FileSpec> allFiles() {
    List<FileSpec> files = new ArrayList<>();
    for (Compression compression : compressions()) {
      for (ElementType type : ElementType.values()) {
        for (List<Integer> dims : SHAPES) {
          for (int samples : SAMPLE_COUNTS) {
            files.add(file(dims, type, samples, compression));
          }
        }
      }
    }
    return files;
  }

  private List<FileSpec> smallFiles() {
    List<FileSpec> files = new ArrayList<>();
    for (Compression compression : compressions()) {
      files.add(file(List.of(3, 5), ElementType.UINT8, 1, compression));
      files.add(file(List.of(7), ElementType.FLOAT32, 2, compression));
    }
    return files;
  }

  protected static FileSpec file(
      List<Integer> dims, ElementType type, int samples, Compression compression) {
    return new FileSpec(3, dims, type, samples, compression);
  }

  /** The name of a file in {@link #goldenHashes}, e.g. {@code float32 5x3 x2}. */
  protected static String goldenName(FileSpec file) {
    return "%s %s x%d"
        .formatted(
            file.elementType().yamlName(),
            String.join("x", file.dims().stream().map(String::valueOf).toList()),
            file.samples());
  }

  protected final Location write(FileSpec file) throws IOException {
    if (encoder == null) {
      encoder = format().newEncoder();
    }
    return write(encoder, file);
  }

  private Location write(SampleFileEncoder with, FileSpec file) throws IOException {
    Location target = MemoryStorage.location("written");
    try (StorageWriter writer = storage.openWriter(target)) {
      with.encode(file, content, writer);
      writer.commit();
    }
    return target;
  }

  protected final long read(Location file, int samplesPerFile, int sample, int chunkBytes)
      throws IOException {
    try (SampleFileDecoder decoder = format().newDecoder(samplesPerFile)) {
      return decode(decoder, inputs.computeIfAbsent(chunkBytes, FileInput::new), file, sample);
    }
  }

  private long decode(SampleFileDecoder decoder, FileInput input, Location file, int sample)
      throws IOException {
    input.open(storage, file);
    try {
      return decoder.decode(input, sample);
    } finally {
      input.close();
    }
  }

  protected static String sha256(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
