/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.DatasetFile;
import io.dlioflink.format.Encoding;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.MemoryStorage;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.content.RandomContent;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How much of a file is read, and what is said of broken ones. */
class TfRecordReadTest {
  private static final int CHUNK_BYTES = 1 << 16;
  private static final TfRecordFormat FORMAT = new TfRecordFormat();
  private static final String NAME = "train/part_0_of_1.tfrecord";
  private static final String INDEX = "index/train/part_0_of_1.tfrecord.idx";

  private final MemoryStorage storage = new MemoryStorage();
  private final FileInput input = new FileInput(CHUNK_BYTES);
  private TfRecordDecoder decoder;

  @AfterEach
  void closeDecoder() {
    if (decoder != null) {
      decoder.close();
    }
  }

  @Test
  void theIndexSaysWhereRecordsAre() throws IOException {
    write(3, 100, Compression.NONE);
    assertThat(text(INDEX)).isEqualTo("0 149\n149 149\n298 149\n");
    assertThat(storage.bytes(MemoryStorage.location(NAME))).hasSize(3 * 149);
  }

  @Test
  void theIndexOfACompressedFileIsThatOfTheUncompressedOne() throws IOException {
    write(2, 100, Compression.GZIP);
    assertThat(text(INDEX)).isEqualTo("0 149\n149 149\n");
  }

  @Test
  void recordsHaveTheSizesOfDlio() {
    assertThat(ExampleLayout.of(65536).recordBytes()).isEqualTo(65596);
    assertThat(ExampleLayout.of(114244).recordBytes()).isEqualTo(114304);
    assertThat(ExampleLayout.of(2898464).recordBytes()).isEqualTo(2898530);
    assertThatThrownBy(() -> ExampleLayout.of(Integer.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2147483647 bytes does not fit");
  }

  @Test
  void indexesLieInTheFolderOfTheirPart() {
    assertThat(FORMAT.companionPaths("train/x.tfrecord"))
        .containsExactly("index/train/x.tfrecord.idx");
    assertThat(FORMAT.companionPaths("train/07/x.tfrecord"))
        .containsExactly("index/train/x.tfrecord.idx");
    assertThat(FORMAT.companionPaths("valid/x.tfrecord"))
        .containsExactly("index/valid/x.tfrecord.idx");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 10, 60})
  void batchesInOrderReadEachByteOnceWithoutAnIndex(int batch) throws IOException {
    int samples = 60;
    DatasetFile file = write(samples, 4096, Compression.NONE);
    storage.delete(MemoryStorage.location(INDEX));
    open(samples);
    for (int first = 0; first < samples; first += batch) {
      int count = Math.min(batch, samples - first);
      assertThat(run(file, first, count)).hasSize(count).containsOnly(4096L);
    }
    // The header of the next record comes along.
    int runs = (samples + batch - 1) / batch;
    assertThat(input.storageBytes()).isBetween(fileBytes(), fileBytes() + 12L * runs);
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"NONE", "GZIP"})
  void batchesInOrderOfRecordsOfAllLengthsReadLittleMore(Compression compression)
      throws IOException {
    List<Integer> lengths = new ArrayList<>();
    Random random = new Random(3);
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    for (int i = 0; i < 300; i++) {
      int length = 100 + random.nextInt(20_000);
      lengths.add(length);
      records.write(image(length));
    }
    DatasetFile file =
        put(compression == Compression.GZIP ? gzip(records.toByteArray()) : records.toByteArray());
    open(300);
    for (int first = 0; first < 300; first += 20) {
      List<Long> expected = lengths.subList(first, first + 20).stream().map(l -> (long) l).toList();
      assertThat(run(file, first, 20)).isEqualTo(expected);
    }
    assertThat(input.storageBytes()).isBetween(fileBytes(), fileBytes() * 105 / 100);
  }

  @Test
  void oneReadBringsAFileOfOneSample() throws IOException {
    DatasetFile file = write(1, 4096, Compression.NONE);
    open(1);
    assertThat(run(file, 0, 1)).containsExactly(4096L);
    assertThat(input.storageBytes()).isEqualTo(fileBytes());
  }

  @Test
  void anIndexBringsAnyRecordWithNothingElse() throws IOException {
    int samples = 200;
    DatasetFile file = write(samples, 3000, Compression.NONE);
    long indexBytes = text(INDEX).length();
    open(samples);
    List<Integer> order = new ArrayList<>(IntStream.range(0, samples).boxed().toList());
    Collections.shuffle(order, new Random(5));
    for (int sample : order) {
      assertThat(run(file, sample, 1)).containsExactly(3000L);
    }
    assertThat(input.storageBytes())
        .isEqualTo(fileBytes() + indexBytes + Framing.HEADER_BYTES)
        .isLessThan(fileBytes() * 105 / 100);
  }

  @Test
  void withoutAnIndexOnlyHeadersLeadToARecord() throws IOException {
    int samples = 100;
    DatasetFile file = write(samples, 3000, Compression.NONE);
    storage.delete(MemoryStorage.location(INDEX));
    open(samples);
    long recordBytes = fileBytes() / samples;
    assertThat(run(file, 90, 1)).containsExactly(3000L);
    assertThat(input.storageBytes()).isLessThan(recordBytes + 95 * Framing.HEADER_BYTES);
    long before = input.storageBytes();
    assertThat(run(file, 40, 2)).containsExactly(3000L, 3000L);
    assertThat(input.storageBytes() - before).isEqualTo(2 * recordBytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zlib", "gzip of two members"})
  void compressedFilesAreKnownByTheirStart(String kind) throws IOException {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    for (int i = 0; i < 40; i++) {
      records.write(image(5000 + i));
    }
    byte[] bytes = records.toByteArray();
    DatasetFile file =
        put(
            switch (kind) {
              case "gzip" -> gzip(bytes);
              case "zlib" -> zlib(bytes);
              default -> twoMembers(bytes);
            });
    open(40);
    assertThat(run(file, 5, 2)).containsExactly(5005L, 5006L);
    assertThat(run(file, 30, 1)).containsExactly(5030L);
    assertThat(run(file, 3, 1)).containsExactly(5003L);
    assertThat(run(file, 0, 40)).hasSize(40).contains(5039L);
    assertThat(decoder.verify(opened(file), 40)).isEqualTo(40 * 5000L + 780);
  }

  @Test
  void aBrokenChecksumOfAGzipFileIsFoundWithItsLastRecord() throws IOException {
    byte[] bytes = gzip(image(1000));
    bytes[bytes.length - 6] ^= 1;
    DatasetFile file = put(bytes);
    open(1);
    assertThatThrownBy(() -> run(file, 0, 1))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("gzip trailer has CRC-32");
  }

  @Test
  void featuresOfOthersCountWithAllTheirValues() throws IOException {
    // bytes "ab" and "c"; floats 1.0, 2.0 packed and one unpacked; integers 1, 300 packed; 5 not.
    String a = entry("61", "0a07" + "0a026162" + "0a0163");
    String b = entry("62", "120f" + "0a08" + "0000803f00000040" + "0d0000803f");
    String c = entry("63", "1a07" + "0a03" + "01ac02" + "0805");
    String unknown = "1001" + "190000000000000000" + "220161" + "2d00000000";
    byte[] example = HexFormat.of().parseHex(length("0a", a + unknown + b + c) + unknown);
    DatasetFile file = put(record(example));
    open(1);
    assertThat(run(file, 0, 1)).containsExactly(3L + 12 + 4);
    assertThat(decoder.verify(opened(file), 1)).isEqualTo(19);
  }

  @Test
  void anEmptyExampleIsASampleWithoutBytes() throws IOException {
    DatasetFile file = put(record(new byte[0]));
    open(1);
    assertThat(run(file, 0, 1)).containsExactly(0L);
    assertThat(decoder.verify(opened(file), 1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0aff01", "0a030a0561", "00", "0b", "80808080808080808080", "09aa", "82"})
  void aMessageThatIsNoneIsBroken(String hex) throws IOException {
    DatasetFile file = put(record(HexFormat.of().parseHex(hex)));
    open(1);
    assertThatThrownBy(() -> run(file, 0, 1))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("record 0: no tf.train.Example")
        .hasMessageContaining("at byte 12");
  }

  @Test
  void whatProtobufAcceptsIsAccepted() throws IOException {
    String list = "0a05" + "0102030405";
    String feature = "0a07" + list;
    String image = length("0a", "0a05" + "696d616765" + length("12", feature));
    byte[] example = HexFormat.of().parseHex(length("0a", entry("61", feature) + image));
    Random random = new Random(11);
    int accepted = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] changed = example.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(random.nextInt(256) + 1);
      }
      accepted += requireAcceptedIfByProtobuf(changed) ? 1 : 0;
    }
    assertThat(accepted).isBetween(2000, 19_000);
  }

  private boolean requireAcceptedIfByProtobuf(byte[] example) throws IOException {
    DatasetFile file = put(record(example));
    open(1);
    try {
      OptionalLong image = ExampleMessage.parse(ByteBuffer.wrap(example));
      if (image.isPresent()) {
        assertThat(run(file, 0, 1)).as(hex(example)).containsExactly(image.getAsLong());
      } else {
        assertThat(run(file, 0, 1)).as(hex(example)).hasSize(1);
      }
      return true;
    } catch (InvalidProtocolBufferException e) {
      return false;
    } catch (BrokenFileException e) {
      // Groups, long out of use, are not read.
      assertThat(e).as(hex(example)).hasMessageContaining("of wire type 3");
      return true;
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void onlyProtobufItselfLooksAtPackedNumbers() throws IOException {
    DatasetFile file =
        put(record(HexFormat.of().parseHex(length("0a", entry("61", "1a03" + "0a01" + "80")))));
    open(1);
    assertThat(run(file, 0, 1)).containsExactly(1L);
    assertThatThrownBy(() -> decoder.verify(opened(file), 1))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("record 0: no tf.train.Example");
  }

  @Test
  void aLengthThatCannotBeIsBrokenAlthoughItsChecksumIsRight() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    for (long length : new long[] {-1, 1L << 62, 1L << 40}) {
      header.putLong(0, length);
      header.putInt(8, Framing.masked(new CRC32C(), header, 0, 8));
      DatasetFile file = put(header.array());
      open(2);
      assertThatThrownBy(() -> run(file, 0, 2))
          .isInstanceOf(BrokenFileException.class)
          .hasMessageContaining("record");
      assertThatThrownBy(() -> run(file, 1, 1)).isInstanceOf(BrokenFileException.class);
    }
  }

  @Test
  void aChangedByteIsNamedWithItsRecord() throws IOException {
    DatasetFile file = write(3, 100, Compression.NONE);
    byte[] bytes = storage.bytes(file.location());
    bytes[149 + 60] ^= 1;
    open(3);
    assertThat(run(file, 0, 1)).containsExactly(100L);
    assertThatThrownBy(() -> run(file, 1, 1))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("at byte 294: record 1 has CRC 0x");
    assertThat(run(file, 2, 1)).containsExactly(100L);
  }

  @Test
  void aMissingRecordIsNamed() throws IOException {
    DatasetFile file = write(3, 100, Compression.NONE);
    open(5);
    assertThatThrownBy(() -> run(file, 2, 2))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining(INDEX)
        .hasMessageContaining("found 3 samples, expected 5");
    storage.delete(MemoryStorage.location(INDEX));
    assertThatThrownBy(() -> run(file, 2, 2))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("at byte 447: found 3 samples, expected 5");
    assertThatThrownBy(() -> run(file, 4, 1))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("at byte 447: found 3 samples, expected 5");
  }

  @Test
  void anIndexOfAnotherFileIsNamed() throws IOException {
    DatasetFile file = write(3, 100, Compression.NONE);
    storage.put(INDEX, "0 150\n150 150\n300 150\n".getBytes(StandardCharsets.US_ASCII));
    open(3);
    assertThatThrownBy(() -> run(file, 1, 1))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("at byte 150: length of record 1 has CRC")
        .hasMessageContaining("(memory:///" + INDEX + " has record 1 here)");
    assertThatThrownBy(() -> decoder.verify(opened(file), 3))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("record 0 ends here, memory:///" + INDEX + " has it end at byte 150");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0 149\n",
        "0 149\n149\n",
        "0 149\n150 149\n",
        "0 149\n149 15\n",
        "0 149\n149 x\n",
        "0 149\n149 99999999999999999999\n",
        "0 149\n149 9223372036854775800\n"
      })
  void aBrokenIndexIsNamed(String text) throws IOException {
    DatasetFile file = write(2, 100, Compression.NONE);
    storage.put(INDEX, text.getBytes(StandardCharsets.US_ASCII));
    open(2);
    assertThatThrownBy(() -> run(file, 1, 1))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining(INDEX)
        .hasMessageContaining("at byte");
  }

  @Test
  void moreRecordsThanExpectedAreForVerifyToFind() throws IOException {
    DatasetFile file = write(3, 100, Compression.NONE);
    storage.delete(MemoryStorage.location(INDEX));
    open(2);
    assertThat(run(file, 0, 2)).containsExactly(100L, 100L);
    assertThatThrownBy(() -> decoder.verify(opened(file), 2))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("at byte 298: found 3 samples, expected 2");
  }

  private DatasetFile write(int samples, int bytes, Compression compression) throws IOException {
    FileSpec spec = new FileSpec(0, List.of(bytes), ElementType.UINT8, samples, compression);
    try (SampleFileEncoder encoder = FORMAT.newEncoder()) {
      return storage.encode(FORMAT, encoder, spec, new RandomContent(1), NAME);
    }
  }

  private DatasetFile put(byte[] bytes) {
    storage.put(NAME, bytes);
    return MemoryStorage.file(NAME);
  }

  private void open(int samples) {
    closeDecoder();
    decoder =
        new TfRecordDecoder(
            new ReadSpec(samples, ElementType.UINT8, Encoding.of(Compression.NONE)));
  }

  private List<Long> run(DatasetFile file, int first, int count) throws IOException {
    List<Long> samples = new ArrayList<>();
    decoder.decode(opened(file), first, count, samples::add);
    return samples;
  }

  private FileInput opened(DatasetFile file) throws IOException {
    input.close();
    input.open(storage, file);
    return input;
  }

  private long fileBytes() throws IOException {
    return storage.bytes(MemoryStorage.location(NAME)).length;
  }

  private String text(String name) throws IOException {
    return new String(storage.bytes(MemoryStorage.location(name)), StandardCharsets.US_ASCII);
  }

  /** A record with an image of random bytes. */
  private static byte[] image(int bytes) {
    ExampleLayout layout = ExampleLayout.of(bytes);
    int head = layout.head().length - Framing.HEADER_BYTES;
    byte[] payload = new byte[head + bytes + layout.tail().length];
    new Random(bytes).nextBytes(payload);
    System.arraycopy(layout.head(), Framing.HEADER_BYTES, payload, 0, head);
    System.arraycopy(layout.tail(), 0, payload, head + bytes, layout.tail().length);
    return record(payload);
  }

  private static byte[] record(byte[] payload) {
    ByteBuffer record =
        ByteBuffer.allocate(payload.length + Framing.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    CRC32C crc = new CRC32C();
    record.putLong(payload.length).putInt(Framing.masked(crc, record, 0, Framing.LENGTH_BYTES));
    record.put(payload);
    int end = record.position();
    return record.putInt(Framing.masked(crc, record, Framing.HEADER_BYTES, end)).array();
  }

  /** A map entry with a key of one letter. */
  private static String entry(String key, String feature) {
    return length("0a", "0a01" + key + length("12", feature));
  }

  private static String length(String tag, String hex) {
    return tag + HexFormat.of().toHexDigits((byte) (hex.length() / 2)) + hex;
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(file)) {
      gzip.write(bytes);
    }
    return file.toByteArray();
  }

  private static byte[] zlib(byte[] bytes) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (DeflaterOutputStream zlib = new DeflaterOutputStream(file)) {
      zlib.write(bytes);
    }
    return file.toByteArray();
  }

  private static byte[] twoMembers(byte[] bytes) throws IOException {
    int half = bytes.length / 2;
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(gzip(Arrays.copyOf(bytes, half)));
    file.write(gzip(Arrays.copyOfRange(bytes, half, bytes.length)));
    return file.toByteArray();
  }
}
