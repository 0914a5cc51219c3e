/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.UnsupportedFileException;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyHeaderTest {
  private static final Location FILE = Location.parse("/data/a.npy");

  private final NpyHeaderReader reader = new NpyHeaderReader();

  @Test
  void theTextIsThatOfNumpy() {
    byte[] header = NpyHeader.bytes(ElementType.FLOAT32, List.of(64, 32, 1));
    assertThat(header).hasSize(128).startsWith(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0);
    assertThat(new String(header, 10, 118, StandardCharsets.US_ASCII))
        .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (64, 32, 1), }   ")
        .endsWith("  \n");
  }

  @Test
  void aSingleAxisHasItsComma() {
    byte[] header = NpyHeader.bytes(ElementType.INT64, List.of(7));
    assertThat(new String(header, StandardCharsets.ISO_8859_1)).contains("'shape': (7,), }");
  }

  @Test
  void manyAxesTakeFurtherMultiplesOf64AndThenVersion2() throws IOException {
    assertThat(NpyHeader.bytes(ElementType.UINT8, Collections.nCopies(16, 1000))).hasSize(192);
    byte[] huge = NpyHeader.bytes(ElementType.UINT8, Collections.nCopies(10_922, 1000));
    assertThat(huge[6]).isEqualTo((byte) 2);
    assertThat(huge.length % 64).isZero();
    assertThatThrownBy(() -> read(huge))
        .isInstanceOf(UnsupportedFileException.class)
        .hasMessageContaining("at most 65536 are read");
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    for (ElementType type : ElementType.values()) {
      NpyHeader header = read(NpyHeader.bytes(type, List.of(3, 4, 5)));
      assertThat(header)
          .isEqualTo(
              new NpyHeader(
                  type.numpyDescriptor(),
                  type.bytes(),
                  List.of(3L, 4L, 5L),
                  128,
                  60L * type.bytes()));
    }
  }

  @Test
  void aDifferentHeaderIsNotTakenForTheLast() throws IOException {
    assertThat(read(NpyHeader.bytes(ElementType.UINT8, List.of(3, 4))).payloadBytes())
        .isEqualTo(12);
    assertThat(read(NpyHeader.bytes(ElementType.UINT8, List.of(3, 5))).payloadBytes())
        .isEqualTo(15);
    assertThat(read(NpyHeader.bytes(ElementType.INT16, List.of(3, 5))).payloadBytes())
        .isEqualTo(30);
    assertThat(read(NpyHeader.bytes(ElementType.UINT8, List.of(3, 4))).payloadBytes())
        .isEqualTo(12);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }  \n",
        "{'shape':(2,3),'fortran_order':True,'descr':'>i4'}\n",
        "{ \"descr\" : \"=f4\" , 'fortran_order' : False , 'shape' : ( 2L , 3L , ) }\n"
      })
  void spellingsThatPythonAllowsAreRead(String dictionary) throws IOException {
    for (int version = 1; version <= 3; version++) {
      NpyHeader header = read(header(version, dictionary));
      assertThat(header.shape()).containsExactly(2L, 3L);
      assertThat(header.payloadBytes()).isEqualTo(24);
    }
  }

  @Test
  void numbersOfOtherKindsHaveTheirSize() throws IOException {
    for (String descriptor : List.of("|b1", "<c8", ">c16", "<f16")) {
      NpyHeader header =
          read(
              header(
                  1,
                  "{'descr': '%s', 'fortran_order': False, 'shape': (), }\n"
                      .formatted(descriptor)));
      assertThat(header.payloadBytes())
          .isEqualTo(descriptor.endsWith("16") ? 16 : header.elementBytes());
      assertThat(header.requireSamples(1, FILE, 0)).isEqualTo(header.payloadBytes());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "('descr': '<i4')| at byte 10: NPY header: found '('descr': '<i4')', expected '{'",
        "{'descr': '<i4', 'fortran_order': False}| expected all of the keys",
        "{'descr': '<i4', 'descr': '<i4'}| at byte 27: NPY header: found ''descr': '<i4'}?',"
            + " expected one of each key descr, fortran_order, shape",
        "{'colour': 1}| expected one of each key",
        "{'descr': '<i4| expected a string with an end",
        "{'descr': 4}| expected a quoted string",
        "{'fortran_order': 0}| expected True or False",
        "{'shape': (3)}| found ')}?', expected a comma after the only axis",
        "{'shape': (3 4)}| expected a comma between",
        "{'shape': (-3, 4)}| found '-3, 4)}?', expected an axis of 1 to 18 digits",
        "{'shape': (1234567890123456789,)}| expected an axis of 1 to 18 digits",
        "{'descr': '<i4', 'fortran_order': False, 'shape': (3,)} x| found 'x?', expected spaces",
        "{'descr': '<i4', 'fortran_order': False, 'shape': (3000000000, 3000000000)}"
            + "| an array of shape [3000000000, 3000000000] has more than 2^63 bytes",
      })
  void otherTextsAreBroken(String dictionary, String message) {
    assertThatThrownBy(() -> read(header(1, dictionary + "\n")))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageStartingWith("Broken file /data/a.npy at byte ")
        .hasMessageContaining(message);
  }

  @Test
  void aHeaderWithoutItsLineFeedIsBroken() {
    assertThatThrownBy(
            () -> read(header(1, "{'descr': '<i4', 'fortran_order': False, 'shape': (3,)}  ")))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("found its end, expected spaces and a line feed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'|O'",
        "'<U8'",
        "'|S4'",
        "'<M8[ns]'",
        "'|V16'",
        "'f4'",
        "[('a', '<i4')]",
        "'<f3'"
      })
  void elementTypesWithoutAMeaningHereAreUnsupported(String descriptor) {
    String dictionary =
        "{'descr': %s, 'fortran_order': False, 'shape': (3,)}\n".formatted(descriptor);
    assertThatThrownBy(() -> read(header(1, dictionary)))
        .isInstanceOf(UnsupportedFileException.class)
        .hasMessageContaining("NPY element type");
  }

  @Test
  void otherVersionsAreUnsupported() {
    assertThatThrownBy(() -> read(header(4, "{}\n")))
        .isInstanceOf(UnsupportedFileException.class)
        .hasMessage(
            "Unsupported file /data/a.npy at byte 6: NPY version 4.0; versions 1.0, 2.0 and 3.0"
                + " are read");
  }

  @Test
  void anotherMagicIsNamed() {
    assertThatThrownBy(() -> read("PK and so on, long enough".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(BrokenFileException.class)
        .hasMessage(
            "Broken file /data/a.npy at byte 0: found 504b20616e64, expected the NPY magic"
                + " 934e554d5059");
  }

  @Test
  void anArrayWithoutSampleAxisIsOneSample() throws IOException {
    NpyHeader header = read(NpyHeader.bytes(ElementType.UINT8, List.of(100)));
    assertThat(header.requireSamples(1, FILE, 0)).isEqualTo(100);
    assertThatThrownBy(() -> header.requireSamples(4, FILE, 0))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("the array of shape [100] holds 1 samples (last axis), expected 4");
  }

  private NpyHeader read(byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return reader.read(buffer, reader.lengthBytes(buffer, FILE, 0), FILE, 0);
  }

  private static byte[] header(int version, String text) {
    ByteBuffer header = ByteBuffer.allocate(12 + text.length()).order(ByteOrder.LITTLE_ENDIAN);
    header.put(NpyHeader.MAGIC).put((byte) version).put((byte) 0);
    if (version == 1) {
      header.putShort((short) text.length());
    } else {
      header.putInt(text.length());
    }
    header.put(text.getBytes(StandardCharsets.ISO_8859_1));
    byte[] bytes = new byte[header.position()];
    header.get(0, bytes);
    return bytes;
  }
}
