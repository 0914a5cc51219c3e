/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.DatasetFile;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FormatContract;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParquetFormatTest extends FormatContract {

  @Override
  protected SampleFormat format() {
    return new ParquetFormat();
  }

  @Override
  protected Map<String, String> goldenHashes() {
    return Map.of(
        "uint8 7 x1", "cb12243608b951b7",
        "int64 3x4x5 x1", "c219c21037944dc1",
        "float16 5x3 x5", "2aede47282fa5e4b",
        "float32 5x3 x2", "e13fc122b47982c1",
        "float64 7 x1", "bf8db679b0b53ca0");
  }

  /** A reader of all columns reads all pages here, and each has a CRC of all but its head. */
  @Override
  protected Guard guard(FileSpec file, byte[] bytes, int offset) {
    try {
      return isInPageBody(put(file, "guarded", bytes), file.samples(), offset)
          ? Guard.ALWAYS_NOTICED
          : Guard.MAY_PASS;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isInPageBody(DatasetFile file, int samples, int offset) throws IOException {
    FileInput input = new FileInput(4096);
    input.open(storage, file);
    FileLayout layout = new FooterReader().read(input, List.of(), samples);
    boolean found = false;
    for (int column = 0; column < layout.columns().size(); column++) {
      Chunk chunk = layout.chunk(0, column);
      CompactReader reader = new CompactReader();
      input.seek(chunk.start(), Long.MAX_VALUE);
      reader.start(input, "head of a page");
      new PageHeader().read(reader);
      found |= offset >= input.position() && offset < chunk.end();
    }
    input.close();
    return found;
  }

  /** The trailer is looked for at the end: what else stands there is named. */
  @Override
  @Test
  protected void bytesBehindTheEndAreBroken() throws IOException {
    FileSpec file = file(List.of(7), ElementType.FLOAT32, 2, Compression.NONE);
    byte[] bytes = bytes(write(file));
    DatasetFile longer = put(file, "longer", Arrays.copyOf(bytes, bytes.length + 9));
    assertThatThrownBy(() -> read(longer, file, 0, 4096))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("at byte %d: the file ends with", bytes.length + 5)
        .hasMessageContaining("0x00000000, expected PAR1");
    assertThatThrownBy(() -> verify(longer, file)).isInstanceOf(BrokenFileException.class);
  }
}
