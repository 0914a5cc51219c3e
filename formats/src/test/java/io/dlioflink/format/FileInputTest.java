/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.storage.StorageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FileInputTest {
  private final MemoryStorage storage = new MemoryStorage();
  private final FileInput input = new FileInput(4096);
  private final byte[] bytes = new byte[10_000];

  FileInputTest() {
    new Random(1).nextBytes(bytes);
  }

  @Test
  void piecesOfAnyLengthAreTheFile() throws IOException {
    open(bytes);
    ByteArrayOutputStream found = new ByteArrayOutputStream();
    for (int length = 0; input.position() < bytes.length; length += 37) {
      long piece = Math.min(length, bytes.length - input.position());
      input.forEachPiece(
          piece,
          "piece",
          part -> {
            while (part.hasRemaining()) {
              found.write(part.get());
            }
          });
    }
    assertThat(found.toByteArray()).isEqualTo(bytes);
    assertThat(input.storageBytes()).isEqualTo(bytes.length);
    input.requireEnd("the last piece");
  }

  @Test
  void requiredBytesStandTogetherAcrossChunks() throws IOException {
    open(bytes);
    input.skip(4000, "start");
    ByteBuffer window = input.require(5000, "middle");
    byte[] found = new byte[5000];
    window.get(found);
    assertThat(found).isEqualTo(Arrays.copyOfRange(bytes, 4000, 9000));
    assertThat(input.position()).isEqualTo(9000);
  }

  @Test
  void aFileThatEndsTooEarlyIsToldWithOffsetAndLengths() throws IOException {
    open(bytes);
    input.skip(9000, "start");
    assertThatThrownBy(() -> input.require(1001, "header"))
        .isInstanceOf(BrokenFileException.class)
        .hasMessage(
            "Broken file memory:///file at byte 9000: header needs 1001 bytes, the file ends after"
                + " 1000");
    open(bytes);
    assertThatThrownBy(() -> input.skip(10_007, "payload"))
        .isInstanceOf(BrokenFileException.class)
        .hasMessage(
            "Broken file memory:///file at byte 10000: payload has 10007 bytes, the file ends 7"
                + " short of them");
  }

  @Test
  void trailingBytesAreCounted() throws IOException {
    open(bytes);
    input.skip(1000, "start");
    assertThatThrownBy(() -> input.requireEnd("the start"))
        .isInstanceOf(BrokenFileException.class)
        .hasMessage(
            "Broken file memory:///file at byte 1000: 9000 bytes follow the start, expected none");
  }

  @Test
  void anInputIsUsedAgainAfterAnyEnd() throws IOException {
    open(bytes);
    input.skip(5000, "start");
    open(new byte[0]);
    assertThat(input.fill()).isFalse();
    assertThat(input.position()).isZero();
    assertThatThrownBy(() -> input.open(storage, MemoryStorage.location("none")))
        .isInstanceOf(StorageException.class)
        .hasMessage("No such file: memory:///none");
    input.close();
    open(Arrays.copyOf(bytes, 4096));
    input.skip(4096, "all");
    input.requireEnd("all");
  }

  private void open(byte[] content) throws IOException {
    input.close();
    input.open(storage, storage.put("file", content));
  }
}
