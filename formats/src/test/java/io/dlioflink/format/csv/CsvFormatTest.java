/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.DatasetFile;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FormatContract;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CsvFormatTest extends FormatContract {

  @Override
  protected SampleFormat format() {
    return new CsvFormat();
  }

  @Override
  protected Map<String, String> goldenHashes() {
    return Map.of(
        "uint8 7 x1", "0303dbef24d7b521",
        "int64 3x4x5 x1", "82dd2b2a5cb06979",
        "uint64 3x4x5 x5", "0fd750e43a63f777",
        "float16 5x3 x5", "16d9a0a3b34d831d",
        "float32 5x3 x2", "4b2806f53a91004b",
        "float64 7 x1", "23bb5b8e6c9c3050");
  }

  /** Without the slow ones where a million numbers are tried. */
  @Override
  protected List<Compression> compressions(int sampleBytes) {
    return sampleBytes < 10_000
        ? compressions()
        : List.of(Compression.NONE, Compression.ZIP, Compression.ZSTD);
  }

  /** With two rows: the second one has to have the columns of the first. */
  @Override
  protected List<FileSpec> smallFiles() {
    List<FileSpec> files = new ArrayList<>();
    for (Compression compression : compressions()) {
      files.add(file(List.of(3, 5), ElementType.UINT8, 2, compression));
      files.add(file(List.of(7), ElementType.FLOAT32, 2, compression));
    }
    return files;
  }

  /** Text has no checksum, but other characters than digits are where they must be. */
  @Override
  protected Guard guard(FileSpec file, byte[] bytes, int offset) {
    boolean digit = Character.isDigit(bytes[offset]) || bytes[offset] == 'e';
    return digit || file.compression() != Compression.NONE ? Guard.MAY_PASS : Guard.ALWAYS_NOTICED;
  }

  /** Nothing tells that a last number had more digits; that it had some, only of integers. */
  @Override
  protected int neededBytes(FileSpec file, byte[] bytes) {
    if (file.compression() != Compression.NONE) {
      return bytes.length;
    }
    int lastComma = new String(bytes, StandardCharsets.US_ASCII).lastIndexOf(',');
    return file.elementType().floating() ? lastComma + 1 : lastComma + 2;
  }

  @Override
  @Test
  protected void theLengthIsKnownBeforeUnlessCompressed() {
    assertThat(allFiles()).allMatch(file -> format().fileLengthBytes(file).isEmpty());
  }

  @Override
  @Test
  protected void bytesBehindTheEndAreBroken() throws IOException {
    for (FileSpec file : smallFiles()) {
      byte[] bytes = bytes(write(file));
      DatasetFile longer = put(file, "longer", Arrays.copyOf(bytes, bytes.length + 9));
      assertThatThrownBy(() -> read(longer, file, 0, 4096))
          .as("%s", file)
          .isInstanceOf(BrokenFileException.class)
          .hasMessageContaining("memory:///longer")
          .hasMessageContaining(
              file.compression() == Compression.NONE
                  ? "at byte " + bytes.length + ": row 3, column 1: found byte 0x00"
                  : file.compression().yamlName() + " data: ");
    }
  }
}
