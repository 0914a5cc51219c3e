/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dlioflink.format.content.RandomContent;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
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

  /** None, and the compressions that the format carries. */
  protected final List<Compression> compressions() {
    List<Compression> compressions = new ArrayList<>(List.of(Compression.NONE));
    format().compressions().stream().sorted().forEach(compressions::add);
    return compressions;
  }

  /** Those of them to try on samples of a length. */
  protected List<Compression> compressions(int sampleBytes) {
    return compressions();
  }

  /** Shapes of samples to try. */
  protected List<List<Integer>> shapes() {
    return List.of(List.of(7), List.of(5, 3), List.of(3, 4, 5));
  }

  /** Element types to try. */
  protected List<ElementType> elementTypes() {
    return List.of(ElementType.values());
  }

  /** Numbers of samples per file to try. */
  protected List<Integer> sampleCounts() {
    return List.of(1, 2, 5);
  }

  /** Whether files say how many samples they hold. */
  protected boolean countsSamples() {
    return true;
  }

  /** Whether reading a sample reads the file at all. */
  protected boolean readsFiles() {
    return true;
  }

  /** Whether the length of an uncompressed file follows from its spec. */
  protected boolean knowsLengths() {
    return true;
  }

  /** A shape of a sample that is to have about so many bytes. */
  protected List<Integer> shapeOf(int sampleBytes) {
    return List.of(1, sampleBytes);
  }

  /** Whether a reader of one sample looks at the end of the file. */
  protected boolean looksAtTheEnd() {
    return true;
  }

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
      DatasetFile written = write(file);
      for (int sample = 0; sample < file.samples(); sample++) {
        assertThat(read(written, file, sample, CHUNK_BYTES))
            .as("%s sample %d", file, sample)
            .isEqualTo(format().sampleBytes(file));
      }
      assertThat(verify(written, file)).isEqualTo(file.samples() * format().sampleBytes(file));
    }
  }

  @Test
  protected void theLengthIsKnownBeforeUnlessCompressed() throws IOException {
    for (FileSpec file : allFiles()) {
      OptionalLong announced = format().fileLengthBytes(file);
      if (announced.isPresent()) {
        assertThat(bytes(write(file)).length).as("%s", file).isEqualTo(announced.getAsLong());
      } else {
        assertThat(file.compression() == Compression.NONE && knowsLengths()).isFalse();
      }
    }
  }

  @Test
  void theBytesOfFilesNeverChange() throws IOException {
    Map<String, String> found = new TreeMap<>();
    for (FileSpec file : allFiles()) {
      if (file.compression() == Compression.NONE) {
        found.put(goldenName(file), sha256(bytes(write(file))));
      }
    }
    Map<String, String> golden = goldenHashes();
    found.keySet().retainAll(golden.keySet());
    assertThat(golden).isNotEmpty().containsExactlyInAnyOrderEntriesOf(found);
  }

  @Test
  void anEncoderLeavesNothingOfOneFileInTheNext() throws IOException {
    for (FileSpec file : allFiles()) {
      byte[] bytes = bytes(write(file));
      try (SampleFileEncoder fresh = format().newEncoder()) {
        assertThat(bytes).as("%s", file).isEqualTo(bytes(write(fresh, file)));
      }
    }
  }

  @Test
  void aTargetThatFailsIsHeardOfAndTheEncoderWritesOn() throws IOException {
    for (Compression compression : compressions()) {
      FileSpec file = file(shapeOf(40_000), elementTypes().get(0), 2, compression);
      byte[] whole = bytes(write(file));
      Random random = new Random(1);
      for (int round = 0; round < 4; round++) {
        FailingTarget target = new FailingTarget(random.nextInt(whole.length));
        assertThatThrownBy(() -> encoder.encode(file, content, target))
            .as("%s, failing at %d", file, target.bytesLeft)
            .isSameAs(target.failure);
        assertThat(bytes(write(file))).as("%s after a failure", file).isEqualTo(whole);
      }
    }
  }

  /** Takes some bytes, then fails, always with the same exception. */
  private static final class FailingTarget implements FileTarget, StorageWriter {
    private final IOException failure = new IOException("full");
    private long bytesLeft;

    FailingTarget(long bytes) {
      bytesLeft = bytes;
    }

    @Override
    public StorageWriter data() {
      return this;
    }

    @Override
    public StorageWriter openCompanion(int index) {
      return new FailingTarget(Long.MAX_VALUE);
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
      bytesLeft -= source.remaining();
      source.position(source.limit());
      if (bytesLeft < 0) {
        throw failure;
      }
    }

    @Override
    public void sync() {
      // Nothing is stored.
    }

    @Override
    public void commit() {
      // Nothing is stored.
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  @Test
  void aDatasetFileIsEqualToItselfAndToNothingElseItsCompanionsIncluded() throws IOException {
    for (FileSpec file : smallFiles()) {
      DatasetFile written = write(file);
      List<String> paths = new ArrayList<>(List.of(written.path()));
      paths.addAll(format().companionPaths(written.path()));
      try (SampleFileEncoder fresh = format().newEncoder()) {
        FileComparison comparison = new FileComparison(format(), fresh, content);
        for (String path : paths) {
          byte[] good = storage.bytes(MemoryStorage.location(path));
          for (byte[] bad : damaged(good)) {
            storage.put(path, bad);
            assertThatThrownBy(() -> comparison.compare(storage, written, file))
                .as("%s of %d bytes, was %d", path, bad.length, good.length)
                .isInstanceOf(BrokenFileException.class)
                .hasMessageContaining(path);
          }
          storage.delete(MemoryStorage.location(path));
          assertThatThrownBy(() -> comparison.compare(storage, written, file))
              .isInstanceOf(StorageException.class);
          storage.put(path, good);
          comparison.compare(storage, written, file);
        }
      }
    }
  }

  private static List<byte[]> damaged(byte[] good) {
    byte[] flipped = good.clone();
    flipped[good.length / 2] ^= 1;
    return List.of(
        flipped, Arrays.copyOf(good, good.length - 1), Arrays.copyOf(good, good.length + 1));
  }

  @Test
  void aDecoderReadsOnAfterABrokenFile() throws IOException {
    assumeTrue(readsFiles(), "samples of this format are not read");
    for (Compression compression : compressions()) {
      FileSpec file = file(List.of(3, 4), elementTypes().get(0), 2, compression);
      DatasetFile whole = write(file);
      byte[] bytes = bytes(whole);
      DatasetFile cut = put(file, "cut", Arrays.copyOf(bytes, bytes.length / 2));
      try (SampleFileDecoder decoder = format().newDecoder(ReadSpec.of(file))) {
        FileInput input = new FileInput(CHUNK_BYTES);
        for (int i = 0; i < 3; i++) {
          assertThatThrownBy(() -> decode(decoder, input, cut, 1))
              .isInstanceOf(BrokenFileException.class);
          assertThat(decode(decoder, input, whole, 1)).isEqualTo(format().sampleBytes(file));
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
    for (Compression compression : compressions(sampleBytes)) {
      for (int samples : new int[] {1, 3}) {
        FileSpec file = file(shapeOf(sampleBytes), ElementType.UINT8, samples, compression);
        DatasetFile written = write(file);
        for (int chunk : new int[] {4096, 8192, 1 << 20}) {
          assertThat(read(written, file, samples - 1, chunk)).isEqualTo(format().sampleBytes(file));
        }
      }
    }
  }

  @Test
  void aFileCutAnywhereIsBroken() throws IOException {
    for (FileSpec file : smallFiles()) {
      byte[] bytes = bytes(write(file));
      int needed = neededBytes(file, bytes);
      for (int length = 0; length < needed; length++) {
        DatasetFile cut = put(file, "cut", Arrays.copyOf(bytes, length));
        assertThatThrownBy(() -> verify(cut, file))
            .as("%s cut to %d of %d bytes", file, length, bytes.length)
            .isInstanceOf(BrokenFileException.class)
            .hasMessageContaining("memory:///cut")
            .hasMessageContaining("at byte");
      }
    }
  }

  @Test
  protected void bytesBehindTheEndAreBroken() throws IOException {
    for (FileSpec file : smallFiles()) {
      byte[] bytes = bytes(write(file));
      DatasetFile longer = put(file, "longer", Arrays.copyOf(bytes, bytes.length + 9));
      if (looksAtTheEnd()) {
        assertThatThrownBy(() -> read(longer, file, 0, CHUNK_BYTES))
            .isInstanceOf(BrokenFileException.class)
            .hasMessageContaining("9 bytes follow");
      }
      assertThatThrownBy(() -> verify(longer, file))
          .isInstanceOf(BrokenFileException.class)
          .hasMessageContaining("9 bytes follow");
    }
  }

  @Test
  void aChangedByteIsNoticedOrLeavesTheSampleItsLength() throws IOException {
    for (FileSpec file : smallFiles()) {
      byte[] bytes = bytes(write(file));
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
      byte[] bytes = bytes(write(file));
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
    assumeTrue(countsSamples(), "files of this format do not say how many samples they hold");
    for (Compression compression : compressions()) {
      FileSpec file = file(List.of(4, 4), elementTypes().get(0), 3, compression);
      FileSpec wanted = file(List.of(4, 4), elementTypes().get(0), 2, compression);
      DatasetFile written = write(file);
      assertThatThrownBy(() -> verify(written, wanted))
          .isInstanceOf(BrokenFileException.class)
          .hasMessageContaining("3 samples")
          .hasMessageContaining("expected 2");
    }
  }

  @Test
  void aSampleThatCannotBeIsRefused() throws IOException {
    FileSpec file = file(List.of(4, 4), elementTypes().get(0), 2, Compression.NONE);
    DatasetFile written = write(file);
    assertThatThrownBy(() -> read(written, file, 2, CHUNK_BYTES))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("2");
  }

  @Test
  void theFormatIsFoundByItsName() {
    assertThat(SampleFormats.find(format().format())).get().isInstanceOf(format().getClass());
  }

  private void requireSane(FileSpec file, byte[] bytes, Guard guard, String what)
      throws IOException {
    DatasetFile changed = put(file, "changed", bytes);
    try {
      long found = read(changed, file, 0, CHUNK_BYTES);
      assertThat(guard).as("%s of %s passed", what, file).isEqualTo(Guard.MAY_PASS);
      assertThat(found).as("%s of %s", what, file).isEqualTo(format().sampleBytes(file));
    } catch (BrokenFileException | UnsupportedFileException e) {
      assertThat(e).hasMessageContaining("memory:///changed").hasMessageContaining("at byte");
    }
  }

  /** All element types, 1 to 3 dimensions, one and several samples, all compressions. */
  protected List<FileSpec> allFiles() {
    List<FileSpec> files = new ArrayList<>();
    for (Compression compression : compressions()) {
      for (ElementType type : elementTypes()) {
        for (List<Integer> dims : shapes()) {
          for (int samples : sampleCounts()) {
            files.add(file(dims, type, samples, compression));
          }
        }
      }
    }
    return files;
  }

  /** Files small enough to try every byte of them. */
  protected List<FileSpec> smallFiles() {
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

  /** Encodes a file, with its companions. */
  protected final DatasetFile write(FileSpec file) throws IOException {
    if (encoder == null) {
      encoder = format().newEncoder();
    }
    return write(encoder, file);
  }

  private DatasetFile write(SampleFileEncoder with, FileSpec file) throws IOException {
    return storage.encode(format(), with, file, content, "written");
  }

  /** The bytes of a file. */
  protected final byte[] bytes(DatasetFile file) throws IOException {
    return storage.bytes(file.location());
  }

  /** Puts a file in place, with the companions of one that was written. */
  protected final DatasetFile put(FileSpec file, String name, byte[] bytes) throws IOException {
    List<String> sources = format().companionPaths("written");
    List<String> targets = format().companionPaths(name);
    if (!sources.isEmpty()) {
      write(file);
    }
    for (int i = 0; i < sources.size(); i++) {
      storage.put(targets.get(i), storage.bytes(MemoryStorage.location(sources.get(i))));
    }
    storage.put(name, bytes);
    return MemoryStorage.file(name);
  }

  /** Reads one sample as training does. */
  protected final long read(DatasetFile file, FileSpec spec, int sample, int chunkBytes)
      throws IOException {
    try (SampleFileDecoder decoder = format().newDecoder(ReadSpec.of(spec))) {
      return decode(decoder, inputs.computeIfAbsent(chunkBytes, FileInput::new), file, sample);
    }
  }

  private long decode(SampleFileDecoder decoder, FileInput input, DatasetFile file, int sample)
      throws IOException {
    input.open(storage, file);
    try {
      return decoder.decode(input, sample);
    } finally {
      input.close();
    }
  }

  /** Reads a whole file. */
  protected final long verify(DatasetFile file, FileSpec spec) throws IOException {
    FileInput input = inputs.computeIfAbsent(CHUNK_BYTES, FileInput::new);
    input.open(storage, file);
    try (SampleFileDecoder decoder = format().newDecoder(ReadSpec.of(spec))) {
      return decoder.verify(input, spec.samples());
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
