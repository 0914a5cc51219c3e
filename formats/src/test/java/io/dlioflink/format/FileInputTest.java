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
  private int alignment = 1;
  private final MemoryStorage storage =
      new MemoryStorage() {
        @Override
        public int bufferAlignmentBytes() {
          return alignment;
        }
      };
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
    input.close();
    input.open(storage, MemoryStorage.file("none"));
    assertThatThrownBy(input::fill)
        .isInstanceOf(StorageException.class)
        .hasMessage("No such file: memory:///none");
    input.close();
    open(Arrays.copyOf(bytes, 4096));
    input.skip(4096, "all");
    input.requireEnd("all");
  }

  @Test
  void aStretchIsReadWithoutItsSurroundings() throws IOException {
    open(bytes);
    input.seek(5001, 5101);
    assertThat(input.position()).isEqualTo(5001);
    assertThat(next(100)).isEqualTo(Arrays.copyOfRange(bytes, 5001, 5101));
    assertThat(input.storageBytes()).isEqualTo(100);
    assertThat(input.fill()).isFalse();
    input.requireEnd("the stretch");
  }

  @Test
  void whatStandsInTheBufferIsNotReadAgain() throws IOException {
    open(bytes);
    input.seek(4000, 6000);
    next(2000);
    input.seek(4500, 5500);
    assertThat(next(1000)).isEqualTo(Arrays.copyOfRange(bytes, 4500, 5500));
    assertThat(input.fill()).isFalse();
    input.seek(5400, Long.MAX_VALUE);
    assertThat(input.storageBytes()).isEqualTo(2000);
    assertThat(next(2000)).isEqualTo(Arrays.copyOfRange(bytes, 5400, 7400));
    assertThat(input.storageBytes()).isEqualTo(6000);
    // Also what was moved in front of the chunk.
    input.seek(5900, Long.MAX_VALUE);
    assertThat(next(4100)).isEqualTo(Arrays.copyOfRange(bytes, 5900, 10_000));
    assertThat(input.storageBytes()).isEqualTo(6000);
    input.requireEnd("all");
  }

  @Test
  void stretchesInAnyOrderAreTheFile() throws IOException {
    Random random = new Random(3);
    for (boolean aligned : new boolean[] {false, true}) {
      alignment = aligned ? 512 : 1;
      open(bytes);
      for (int round = 0; round < 500; round++) {
        int from = random.nextInt(bytes.length);
        int end = from + random.nextInt(bytes.length - from + 1);
        input.seek(from, end);
        int length = random.nextInt(end - from + 1);
        assertThat(input.position()).isEqualTo(from);
        assertThat(next(length)).isEqualTo(Arrays.copyOfRange(bytes, from, from + length));
        if (random.nextBoolean()) {
          input.skip(end - from - length, "rest");
          assertThat(input.fill()).isFalse();
        }
      }
    }
  }

  @Test
  void alignedStoragesAreAskedForWholeBlocks() throws IOException {
    alignment = 512;
    open(bytes);
    input.seek(700, 1500);
    assertThat(next(800)).isEqualTo(Arrays.copyOfRange(bytes, 700, 1500));
    assertThat(input.storageBytes()).isEqualTo(1536 - 512);
    input.seek(9990, 20_000);
    input.skip(10, "end");
    assertThat(input.fill()).isFalse();
    assertThat(input.position()).isEqualTo(10_000);
  }

  @Test
  void nothingIsAskedOfStorageBeforeAByteIsNeeded() {
    input.open(storage, MemoryStorage.file("none"));
    input.seek(100, 200);
    assertThat(input.position()).isEqualTo(100);
    assertThat(input.storageNanos()).isZero();
  }

  @Test
  void companionsAreReadAndCounted() throws IOException {
    open(bytes);
    storage.put("file.idx", new byte[] {1, 2, 3});
    ByteBuffer target = ByteBuffer.allocateDirect(8);
    assertThat(input.readCompanion("file.idx", 1, target)).isEqualTo(2);
    assertThat(input.storageBytes()).isEqualTo(2);
    assertThatThrownBy(() -> input.readCompanion("none.idx", 0, target))
        .isInstanceOf(StorageException.class)
        .hasMessage("No such file: memory:///none.idx");
  }

  private void open(byte[] content) throws IOException {
    input.close();
    storage.put("file", content);
    input.open(storage, MemoryStorage.file("file"));
  }

  private byte[] next(int length) throws IOException {
    byte[] found = new byte[length];
    input.require(length, "stretch").get(found);
    return found;
  }
}
