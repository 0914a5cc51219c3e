/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvDecoderTest {
  private final MemoryStorage storage = new MemoryStorage();
  private final FileInput input = new FileInput(4096);

  @ParameterizedTest
  @EnumSource
  void whatIsReadIsWhatWasWritten(ElementType type) throws IOException {
    // Long enough for fields across pieces of the text.
    FileSpec file = new FileSpec(1, List.of(70_000), type, 2, Compression.NONE);
    SampleContent content = new RandomContent(5);
    long expected = 0;
    for (int sample = 0; sample < 2; sample++) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.sampleBytes());
      content.fill(file, sample, 0, bytes);
      bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.hasRemaining()) {
        expected = expected * 31 + element(type, bytes);
      }
    }
    String text = encode(file, content);
    if (!type.floating()) {
      assertThat(checksum(type, 2, text)).isEqualTo(expected);
    }
    // Quoted fields go the slow way.
    String quoted = '"' + text.strip().replace(",", "\",\"").replace("\n", "\"\n\"") + '"';
    assertThat(checksum(type, 2, quoted)).isEqualTo(checksum(type, 2, text));
  }

  private static long element(ElementType type, ByteBuffer bytes) {
    return switch (type) {
      case INT8 -> bytes.get();
      case UINT8 -> Byte.toUnsignedLong(bytes.get());
      case INT16, FLOAT16 -> bytes.getShort();
      case UINT16 -> Short.toUnsignedLong(bytes.getShort());
      case INT32, FLOAT32 -> bytes.getInt();
      case UINT32 -> Integer.toUnsignedLong(bytes.getInt());
      default -> bytes.getLong();
    };
  }

  @ParameterizedTest
  @EnumSource(names = "FLOAT.*", mode = EnumSource.Mode.MATCH_NONE)
  void integersHaveTheRangeOfTheirType(ElementType type) throws IOException {
    int bits = type.bytes() * Byte.SIZE;
    boolean unsigned = type.name().startsWith("U");
    BigInteger max = BigInteger.ONE.shiftLeft(unsigned ? bits : bits - 1).subtract(BigInteger.ONE);
    BigInteger min = unsigned ? BigInteger.ZERO : max.not();
    String padding = ",1".repeat(40);
    for (String tail : List.of("", padding)) {
      assertThat(checksum(type, 1, max + ",0" + tail))
          .isEqualTo(checksumOf(max.longValue(), 0, tail));
      assertThat(checksum(type, 1, min + ",0" + tail))
          .isEqualTo(checksumOf(min.longValue(), 0, tail));
      for (BigInteger beyond :
          List.of(
              max.add(BigInteger.ONE),
              max.add(BigInteger.TEN),
              max.multiply(BigInteger.TEN),
              max.shiftLeft(64),
              min.subtract(BigInteger.ONE),
              min.subtract(BigInteger.TWO))) {
        assertThatThrownBy(() -> checksum(type, 1, beyond + ",0" + tail))
            .as("%s", beyond)
            .isInstanceOf(BrokenFileException.class)
            .hasMessageContaining("row 1, column 1: found '")
            .hasMessageEndingWith("expected a number in the range of " + type.yamlName());
      }
    }
  }

  private static long checksumOf(long first, long second, String ones) {
    long sum = first * 31 + second;
    for (int i = 0; i < ones.length() / 2; i++) {
      sum = sum * 31 + 1;
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0",
        "-0.0",
        "1e-05",
        "1.5E+300",
        ".5",
        "5.",
        "+2.5",
        "-inf",
        "Infinity",
        "nan",
        "NaN",
        "0.12345678901234567890123456789",
        "123456789012345678901234567890",
        "0.00000000000000000000000000000001",
        "5e-324",
        "1e-400",
        "1e400",
        "1e99999999999999999999",
        "1e-99999999999999999999"
      })
  void numbersAreParsed(String number) throws IOException {
    double expected = Double.parseDouble(number.replace("nan", "NaN").replace("inf", "Infinity"));
    double found = Double.longBitsToDouble(checksum(ElementType.FLOAT64, 1, number));
    if (Double.isFinite(expected)) {
      assertThat(found).isCloseTo(expected, within(Math.ulp(expected)));
    } else {
      assertThat(found).isEqualTo(Double.valueOf(expected));
    }
    String row = number + ",3.25".repeat(40);
    assertThat(checksum(ElementType.FLOAT64, 1, row))
        .isEqualTo(checksum(ElementType.FLOAT64, 1, row.replace("3.25", "\"3.25\"")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,2\n3,4\n",
        "1,2\n3,4",
        "1,2\r\n3,4\r\n",
        "1,2\r\n3,4",
        "\"1\",\"2\"\n3,\"4\"\n",
        "+1,2\n3,4",
        "01,2\n3,000000000000000000000000000000000000000000000000000004\n",
      })
  void rowsEndInManyWays(String text) throws IOException {
    assertThat(checksum(ElementType.UINT8, 2, text)).isEqualTo(((1 * 31 + 2) * 31 + 3) * 31 + 4);
  }

  @Test
  void anEmptyFieldIsNotANumber() throws IOException {
    assertThat(decode(ElementType.FLOAT32, 2, ",1.5\n\"\",\r\n")).isEqualTo(8);
    assertThat(decode(ElementType.FLOAT32, 2, "\"\"\n1.0\n")).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1,x\\n|2|row 1, column 2: found 'x', expected uint8",
        "a,b\\n1,2\\n|0|row 1, column 1: found 'a', expected uint8",
        "1,2\\n3,4\\n,|8|row 3, column 1: the field ends, expected uint8",
        "1,\\n|2|row 1, column 2: the field ends, expected uint8",
        "1,2\\n3\\n|5|row 2, column 1: the row has 1 columns, the first one 2",
        "1,2\\n3,4,5\\n|9|row 2, column 3: the row has 3 columns, the first one 2",
        "1,2\\n\\n3,4\\n|4|row 2, column 1: the row is empty",
        "1, 2\\n|2|row 1, column 2: found byte 0x20, expected uint8",
        "1.5,2\\n|1|row 1, column 1: found '.', expected uint8",
        "1e1,2\\n|1|row 1, column 1: found 'e', expected uint8",
        "\"1,2\\n|2|row 1, column 1: the field ends, expected uint8",
        "\"\",2\\n|2|row 1, column 1: the field ends, expected uint8",
        "1\"2\\n|1|row 1, column 1: found '\"', expected uint8",
        "1\\r2\\n|2|row 1, column 1: found '2', expected uint8",
        "-|1|row 1, column 1: the field ends, expected uint8",
        "1,256\\n|4|row 1, column 2: found '6', expected a number in the range of uint8",
        "1\\n2\\n3\\n|6|the file has 3 samples (rows), expected 2"
      })
  void brokenTextIsNamed(String text, long offset, String problem) {
    assertThatThrownBy(() -> decode(ElementType.UINT8, 2, text.translateEscapes()))
        .isInstanceOf(BrokenFileException.class)
        .hasMessage("Broken file memory:///text at byte %d: %s", offset, problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"na", "nanx", "infi", "1.5.2", "1e", "1e+", "1e5.", ".", "+", "--1", "0x1"})
  void whatIsNoNumberIsBroken(String text) {
    assertThatThrownBy(() -> decode(ElementType.FLOAT64, 1, text))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("expected float64");
  }

  @Test
  void anEmptyFileHasNoSamples() {
    assertThatThrownBy(() -> decode(ElementType.UINT8, 1, ""))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("the file has 0 samples (rows), expected 1");
  }

  @Test
  void placesInCompressedTextAreNamed() throws IOException {
    assertThatThrownBy(() -> decode(ElementType.UINT8, 1, gzip("1,2,x\n")))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("row 1, column 3, byte 4 of the decompressed text: found 'x'");
  }

  @Test
  void gzipFilesMayBeJoined() throws IOException {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.writeBytes(gzip("1,2\n"));
    joined.writeBytes(gzip("3,4\n"));
    assertThat(decode(ElementType.UINT8, 2, joined.toByteArray())).isEqualTo(2);
  }

  @Test
  void aZipArchiveHasOneMember() throws IOException {
    assertThat(decode(ElementType.UINT8, 1, zip(1))).isEqualTo(2);
    assertThatThrownBy(() -> decode(ElementType.UINT8, 1, zip(2)))
        .isInstanceOf(UnsupportedFileException.class)
        .hasMessageEndingWith("the zip archive has more than one member");
  }

  @Test
  void logarithmsAreExact() {
    for (int power = -400; power <= 400; power++) {
      BigInteger ten = BigInteger.TEN.pow(Math.abs(power));
      // 2^-b < 10^-p <= 2^-(b-1), with equality for p = 0 alone.
      int expected = power > 0 ? ten.bitLength() - 1 : power == 0 ? 0 : -ten.bitLength();
      assertThat(ShortestDecimal.floorLog2Pow10(power)).as("10^%d", power).isEqualTo(expected);
    }
    for (int power = -1074; power <= 971; power++) {
      assertThat(ShortestDecimal.floorLog10Pow2(power))
          .isEqualTo((int) Math.floor(power * Math.log10(2)));
      assertThat(ShortestDecimal.floorLog10ThreeQuartersPow2(power))
          .isEqualTo((int) Math.floor(power * Math.log10(2) + Math.log10(0.75)));
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.US_ASCII));
    }
    return bytes.toByteArray();
  }

  private static byte[] zip(int members) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < members; i++) {
        zip.putNextEntry(new ZipEntry("member" + i));
        zip.write("1,2\n".getBytes(StandardCharsets.US_ASCII));
      }
    }
    return bytes.toByteArray();
  }

  private String encode(FileSpec file, SampleContent content) throws IOException {
    CsvFormat format = new CsvFormat();
    try (SampleFileEncoder encoder = format.newEncoder()) {
      byte[] bytes =
          storage.bytes(storage.encode(format, encoder, file, content, "written").location());
      return new String(bytes, StandardCharsets.US_ASCII);
    }
  }

  private long checksum(ElementType type, int rows, String text) throws IOException {
    CsvDecoder decoder = decoder(type, rows);
    decode(decoder, text.getBytes(StandardCharsets.US_ASCII));
    return decoder.checksum();
  }

  private long decode(ElementType type, int rows, String text) throws IOException {
    return decode(type, rows, text.getBytes(StandardCharsets.US_ASCII));
  }

  private long decode(ElementType type, int rows, byte[] bytes) throws IOException {
    return decode(decoder(type, rows), bytes);
  }

  private long decode(CsvDecoder decoder, byte[] bytes) throws IOException {
    storage.put("text", bytes);
    input.open(storage, MemoryStorage.file("text"));
    try {
      return decoder.decode(input, 0);
    } finally {
      input.close();
    }
  }

  private static CsvDecoder decoder(ElementType type, int rows) {
    return new CsvDecoder(new ReadSpec(rows, type, Encoding.of(Compression.NONE)));
  }
}
