/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.format.content.RandomContent;
import io.dlioflink.storage.StorageException;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import io.dlioflink.workload.FileFormat;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FileComparisonTest {
  private static final int LENGTH = 3_000_000;
  private static final FileSpec SPEC =
      new FileSpec(2, List.of(LENGTH), ElementType.UINT8, 1, Compression.NONE);

  private final SampleFormat format = SampleFormats.require(FileFormat.NPY);
  private final MemoryStorage storage = new MemoryStorage();
  private final SampleContent content = new RandomContent(1);
  private final SampleFileEncoder encoder = format.newEncoder();
  private final FileComparison comparison = new FileComparison(format, encoder, content);
  private DatasetFile file;
  private byte[] bytes;

  @BeforeEach
  void write() throws IOException {
    file = storage.encode(format, encoder, SPEC, content, "file");
    bytes = storage.bytes(file.location());
  }

  @AfterEach
  void close() {
    encoder.close();
  }

  @Test
  void aFileAsGeneratedIsEqual() throws IOException {
    comparison.compare(storage, file, SPEC);
    assertThat(comparison.comparedBytes()).isEqualTo(bytes.length);
  }

  @Test
  void aChangedByteIsNamed() {
    for (int at : new int[] {0, 127, 128, 1 << 20, bytes.length - 1}) {
      byte[] changed = bytes.clone();
      changed[at] ^= 0x40;
      storage.put("file", changed);
      assertThatThrownBy(() -> comparison.compare(storage, file, SPEC))
          .isInstanceOf(BrokenFileException.class)
          .hasMessage(
              "Broken file memory:///file at byte %d: found byte 0x%02x, generated was 0x%02x"
                  .formatted(at, changed[at], bytes[at]));
    }
  }

  @Test
  void aShorterFileIsNamed() {
    for (int length : new int[] {0, 100, 1 << 20, bytes.length - 1}) {
      storage.put("file", Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> comparison.compare(storage, file, SPEC))
          .isInstanceOf(BrokenFileException.class)
          .hasMessageContaining("at byte " + length + ": the file ends here");
    }
  }

  @Test
  void aLongerFileIsNamed() {
    storage.put("file", Arrays.copyOf(bytes, bytes.length + 7));
    assertThatThrownBy(() -> comparison.compare(storage, file, SPEC))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("at byte " + bytes.length + ": 7 bytes follow");
  }

  @Test
  void aMissingFileIsAMatterOfStorage() {
    assertThatThrownBy(() -> comparison.compare(storage, MemoryStorage.file("none"), SPEC))
        .isInstanceOf(StorageException.class);
  }
}
