/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FormatContract;
import io.dlioflink.format.MemoryStorage;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SyntheticFormatTest extends FormatContract {

  @Override
  protected SampleFormat format() {
    return new SyntheticFormat();
  }

  @Override
  protected Map<String, String> goldenHashes() {
    // SHA-256 of "3".
    return Map.of("uint8 7 x1", "4e07408562bedb8b");
  }

  @Override
  protected boolean readsFiles() {
    return false;
  }

  @Override
  protected boolean countsSamples() {
    return false;
  }

  @Override
  protected boolean looksAtTheEnd() {
    return false;
  }

  @Override
  protected Guard guard(FileSpec file, byte[] bytes, int offset) {
    return Guard.MAY_PASS;
  }

  @Test
  void aFileIsItsNumberInDecimal() throws IOException {
    for (long number : new long[] {0, 7, 1234567890123456789L}) {
      FileSpec file = new FileSpec(number, List.of(9), ElementType.INT16, 4, Compression.NONE);
      assertThat(bytes(write(file))).asString().isEqualTo(String.valueOf(number));
      assertThat(format().fileLengthBytes(file)).hasValue(String.valueOf(number).length());
    }
  }

  @Test
  void readingASampleDoesNoIo() throws IOException {
    FileSpec spec = file(List.of(9), ElementType.INT16, 4, Compression.NONE);
    FileInput input = new FileInput(4096);
    try (SampleFileDecoder decoder = format().newDecoder(ReadSpec.of(spec))) {
      input.open(storage, MemoryStorage.file("there is no such file"));
      assertThat(decoder.decode(input, 3)).isZero();
    }
    assertThat(input.storageBytes()).isZero();
    assertThat(input.storageNanos()).isZero();
  }

  @Test
  void whatIsNotANumberIsBroken() {
    FileSpec spec = file(List.of(9), ElementType.INT16, 1, Compression.NONE);
    assertThatThrownBy(() -> verify(put(spec, "text", ascii("x1")), spec))
        .isInstanceOf(BrokenFileException.class)
        .hasMessage(
            "Broken file memory:///text at byte 0: found byte 0x78, expected a decimal file"
                + " number");
    assertThatThrownBy(() -> verify(put(spec, "text", ascii("123 ")), spec))
        .isInstanceOf(BrokenFileException.class)
        .hasMessage(
            "Broken file memory:///text at byte 3: 1 bytes follow the file number, expected none");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
