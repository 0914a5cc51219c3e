/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.MemoryStorage;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.UnsupportedFileException;
import io.dlioflink.format.content.RandomContent;
import io.dlioflink.format.npy.NpyHeader;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zip archives of other shapes than ours; most are written by the JDK. */
class NpzArchiveTest {
  private static final int SAMPLE_BYTES = 6000;
  private static final FileSpec FILE =
      new FileSpec(0, List.of(SAMPLE_BYTES), ElementType.UINT8, 1, Compression.NONE);
  private static final byte[] X = array(SAMPLE_BYTES);
  private static final byte[] Y = array(1);

  private final MemoryStorage storage = new MemoryStorage();

  @ParameterizedTest
  @ValueSource(ints = {ZipOutputStream.STORED, ZipOutputStream.DEFLATED})
  void membersMayStandInAnyOrderAmongOthers(int method) throws IOException {
    for (List<String> names :
        List.of(List.of("x.npy"), List.of("y.npy", "x.npy"), List.of("a/x.npy", "x.npy", "z"))) {
      assertThat(decode(zip(method, "", names))).isEqualTo(SAMPLE_BYTES);
    }
  }

  @Test
  void anArchiveWithACommentIsRead() throws IOException {
    byte[] archive = zip(ZipOutputStream.STORED, "made elsewhere", List.of("x.npy", "y.npy"));
    assertThat(decode(archive)).isEqualTo(SAMPLE_BYTES);
  }

  @Test
  void membersFoundAreNamedWhereXIsMissing() throws IOException {
    byte[] archive = zip(ZipOutputStream.DEFLATED, "", List.of("y.npy", "X.npy"));
    assertThatThrownBy(() -> decode(archive))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("found zip members [y.npy, X.npy], expected x.npy");
    assertThatThrownBy(() -> decode(zip(ZipOutputStream.STORED, "", List.of())))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("found zip members [], expected x.npy");
  }

  @Test
  void aFileThatIsNoZipIsNamedByItsFirstBytes() {
    assertThatThrownBy(() -> decode("<html></html>".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(BrokenFileException.class)
        .hasMessage(
            "Broken file memory:///archive at byte 0: found zip record signature 0x6d74683c,"
                + " expected a zip local header");
  }

  @Test
  void aWrongCrcIsToldWithBothValues() throws IOException {
    byte[] archive = ours(Compression.NONE);
    CRC32 crc = new CRC32();
    crc.update(archive, NpzLayout.MEMBER_HEADER_BYTES, 128 + SAMPLE_BYTES);
    archive[14] ^= 1;
    assertThatThrownBy(() -> decode(archive))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining(
            "zip member x.npy has CRC-32 0x%08x, its local header says 0x%08x"
                .formatted(crc.getValue(), crc.getValue() ^ 1));
  }

  @Test
  void aWrongCrcBehindDeflatedDataIsToldToo() throws IOException {
    byte[] archive = zip(ZipOutputStream.DEFLATED, "", List.of("x.npy"));
    int descriptor = indexOf(archive, Zip.DATA_DESCRIPTOR);
    archive[descriptor + 4] ^= 1;
    assertThatThrownBy(() -> decode(archive))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("its data descriptor says 0x");
    archive[descriptor + 4] ^= 1;
    archive[descriptor + 8] ^= 1;
    assertThatThrownBy(() -> decode(archive))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("zip member x.npy has %d bytes in ".formatted(X.length));
  }

  @Test
  void aDescriptorWithoutItsSignatureIsRead() throws IOException {
    byte[] archive = zip(ZipOutputStream.DEFLATED, "", List.of("x.npy"));
    int descriptor = indexOf(archive, Zip.DATA_DESCRIPTOR);
    byte[] shorter = new byte[archive.length - 4];
    System.arraycopy(archive, 0, shorter, 0, descriptor);
    System.arraycopy(archive, descriptor + 4, shorter, descriptor, archive.length - descriptor - 4);
    ByteBuffer end = ByteBuffer.wrap(shorter).order(ByteOrder.LITTLE_ENDIAN);
    int offsetAt = shorter.length - Zip.END_BYTES + 16;
    end.putInt(offsetAt, end.getInt(offsetAt) - 4);
    assertThat(decode(shorter)).isEqualTo(SAMPLE_BYTES);
  }

  @Test
  void anEncryptedMemberIsUnsupported() throws IOException {
    byte[] archive = ours(Compression.NONE);
    archive[6] |= 1;
    assertThatThrownBy(() -> decode(archive))
        .isInstanceOf(UnsupportedFileException.class)
        .hasMessageContaining("zip member x.npy is encrypted");
  }

  @Test
  void otherCompressionMethodsAreUnsupported() throws IOException {
    byte[] archive = ours(Compression.NONE);
    archive[8] = 93;
    assertThatThrownBy(() -> decode(archive))
        .isInstanceOf(UnsupportedFileException.class)
        .hasMessageContaining("zip member x.npy is compressed by method 93");
  }

  @Test
  void aStoredMemberWithItsSizeBehindIsUnsupported() throws IOException {
    byte[] archive = ours(Compression.NONE);
    archive[6] |= Zip.FLAG_DESCRIPTOR;
    assertThatThrownBy(() -> decode(archive))
        .isInstanceOf(UnsupportedFileException.class)
        .hasMessageContaining("zip member x.npy is stored with its size behind the data");
  }

  @Test
  void aMissingZip64FieldIsBroken() throws IOException {
    byte[] archive = ours(Compression.NONE);
    archive[Zip.LOCAL_HEADER_BYTES + 5] = 9;
    assertThatThrownBy(() -> decode(archive))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("zip member x.npy has sizes for a zip64 extra field");
  }

  @Test
  void aMemberOfAnotherLengthThanItsArrayIsBroken() throws IOException {
    byte[] longer = Arrays.copyOf(X, X.length + 1);
    for (int method : new int[] {ZipOutputStream.STORED, ZipOutputStream.DEFLATED}) {
      byte[] archive = zip(method, "", Map.of("x.npy", longer));
      assertThatThrownBy(() -> decode(archive))
          .isInstanceOf(BrokenFileException.class)
          .hasMessageContaining("zip member x.npy has 6129 bytes, its NPY header announces 128");
    }
  }

  @Test
  void aDeflatedMemberIsNotInflatedFarBeyondItsArray() throws IOException {
    byte[] bomb = Arrays.copyOf(X, 1 << 26);
    byte[] archive = zip(ZipOutputStream.DEFLATED, "", Map.of("x.npy", bomb));
    assertThatThrownBy(() -> decode(archive))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("zip member x.npy inflates to more than the 6128 bytes of its array");
  }

  @Test
  void aCentralDirectoryThatDisagreesIsBroken() throws IOException {
    byte[] archive = ours(Compression.NONE);
    int directory = indexOf(archive, Zip.CENTRAL_HEADER);
    byte[] otherCrc = archive.clone();
    otherCrc[directory + 16] ^= 1;
    assertThatThrownBy(() -> decode(otherCrc))
        .hasMessageContaining("zip central directory has CRC-32");
    byte[] otherName = archive.clone();
    otherName[directory + Zip.CENTRAL_HEADER_BYTES] = 'w';
    assertThatThrownBy(() -> decode(otherName))
        .hasMessageContaining("zip central directory of 2 entries has none for x.npy");
    byte[] otherOffset = archive.clone();
    otherOffset[archive.length - 6] ^= 1;
    assertThatThrownBy(() -> decode(otherOffset))
        .hasMessageContaining("zip end record says 2 entries at byte");
  }

  @Test
  void behindALargeFurtherMemberTheLookEnds() throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    members.put("x.npy", X);
    members.put("z", new byte[100_000]);
    byte[] archive = zip(ZipOutputStream.STORED, "", members);
    assertThat(decode(Arrays.copyOf(archive, archive.length - 90_000))).isEqualTo(SAMPLE_BYTES);
  }

  @Test
  void theEndRecordsOfZip64AreWrittenAndRead() throws IOException {
    for (long limit : new long[] {0, 100, 6200, 6_500}) {
      NpzFormat format = new NpzFormat(limit);
      byte[] archive = encode(format, FILE);
      assertThat(archive.length).isEqualTo(format.fileLengthBytes(FILE).orElseThrow());
      assertThat(decode(archive)).isEqualTo(SAMPLE_BYTES);
      assertThat(indexOf(archive, Zip.ZIP64_END) >= 0).isEqualTo(limit < 6_500);
      for (int length = 0; length < archive.length; length++) {
        byte[] cut = Arrays.copyOf(archive, length);
        assertThatThrownBy(() -> decode(cut)).isInstanceOf(BrokenFileException.class);
      }
    }
  }

  @Test
  void theLengthIsThatOfNumpy() {
    FileSpec file = new FileSpec(0, List.of(64, 64), ElementType.UINT8, 1, Compression.NONE);
    assertThat(new NpzFormat().fileLengthBytes(file)).hasValue(4594);
  }

  private byte[] ours(Compression compression) throws IOException {
    FileSpec file = new FileSpec(0, FILE.dims(), FILE.elementType(), FILE.samples(), compression);
    return encode(new NpzFormat(), file);
  }

  private byte[] encode(NpzFormat format, FileSpec file) throws IOException {
    try (SampleFileEncoder encoder = format.newEncoder()) {
      RandomContent content = new RandomContent(1);
      return storage.bytes(storage.encode(format, encoder, file, content, "ours").location());
    }
  }

  private long decode(byte[] archive) throws IOException {
    FileInput input = new FileInput(4096);
    storage.put("archive", archive);
    input.open(storage, MemoryStorage.file("archive"));
    try (SampleFileDecoder decoder = new NpzFormat().newDecoder(ReadSpec.of(FILE))) {
      return decoder.decode(input, 0);
    }
  }

  private static byte[] array(int length) {
    byte[] header = NpyHeader.bytes(ElementType.UINT8, List.of(length, 1));
    byte[] array = Arrays.copyOf(header, header.length + length);
    ByteBuffer payload = ByteBuffer.wrap(array, header.length, length);
    new RandomContent(1).fill(FILE, 0, 0, payload);
    return array;
  }

  private static byte[] zip(int method, String comment, List<String> names) throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    names.forEach(name -> members.put(name, name.equals("x.npy") ? X : Y));
    return zip(method, comment, members);
  }

  private static byte[] zip(int method, String comment, Map<String, byte[]> members)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(method);
      zip.setComment(comment);
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        byte[] data = member.getValue();
        CRC32 crc = new CRC32();
        crc.update(data);
        ZipEntry entry = new ZipEntry(member.getKey());
        entry.setSize(data.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(data);
      }
    }
    return bytes.toByteArray();
  }

  private static int indexOf(byte[] archive, int signature) {
    ByteBuffer bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i + 4 <= archive.length; i++) {
      if (bytes.getInt(i) == signature) {
        return i;
      }
    }
    return -1;
  }
}
