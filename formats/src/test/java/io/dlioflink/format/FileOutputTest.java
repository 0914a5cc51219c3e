/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.storage.StorageWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FileOutputTest {

  @Test
  void allPiecesButTheLastAreWholeAlignedBuffers() throws IOException {
    Pieces pieces = new Pieces();
    FileOutput output = new FileOutput(8192);
    output.open(pieces);
    output.put(new byte[183]);
    output.generate(20_000, 8, (offset, target) -> target.position(target.limit()));
    output.put(new byte[5000]);
    assertThat(output.position()).isEqualTo(25_183);
    output.flush();
    assertThat(pieces.lengths).containsExactly(8192, 8192, 8192, 607);
    assertThat(pieces.aligned).containsOnly(true);
  }

  @Test
  void generatedUnitsCrossTheEndOfTheBufferWhole() throws IOException {
    for (int start = 0; start < 9; start++) {
      Pieces pieces = new Pieces();
      FileOutput output = new FileOutput(4096);
      output.open(pieces);
      output.put(new byte[start]);
      output.generate(
          16_384,
          8,
          (offset, target) -> {
            for (long at = offset; target.hasRemaining(); at += 8) {
              target.putLong(at);
            }
          });
      output.flush();
      ByteBuffer found = ByteBuffer.wrap(pieces.bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(found.remaining()).isEqualTo(start + 16_384);
      for (int at = 0; at < 16_384; at += 8) {
        assertThat(found.getLong(start + at)).isEqualTo(at);
      }
    }
  }

  @Test
  void theRestOfAFileThatFailedIsNotInTheNext() throws IOException {
    Pieces pieces = new Pieces();
    FileOutput output = new FileOutput(4096);
    output.open(new Pieces());
    output.put(new byte[100]);
    output.open(pieces);
    output.put(new byte[] {1});
    output.flush();
    assertThat(pieces.bytes.toByteArray()).containsExactly(1);
  }

  @Test
  void bytesAreMadeInMemoryThatTheStorageLends() throws IOException {
    Pieces pieces = new Lender();
    FileOutput output = new FileOutput(8192);
    output.open(pieces);
    output.generate(
        50_000,
        8,
        (offset, target) -> {
          for (long at = offset; target.hasRemaining(); at += 8) {
            target.putLong(at);
          }
        });
    assertThat(output.position()).isEqualTo(50_000);
    output.flush();
    assertThat(output.position()).isEqualTo(50_000);
    assertThat(pieces.lengths).containsExactly(20_000, 20_000, 10_000);
    ByteBuffer found = ByteBuffer.wrap(pieces.bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < 50_000; at += 8) {
      assertThat(found.getLong(at)).isEqualTo(at);
    }
  }

  @Test
  void whatWasHandedBackIsNotTouchedAgain() throws IOException {
    Lender lender = new Lender();
    FileOutput output = new FileOutput(8192);
    output.open(lender);
    output.put(new byte[30_000]);
    output.flush();
    output.put(new byte[] {1});
    assertThat(lender.lent).hasSize(3);
    assertThat(lender.lent.get(0).get(0)).isZero();
  }

  /** Lends buffers that are used once. */
  private static final class Lender extends Pieces {
    private final List<ByteBuffer> lent = new ArrayList<>();

    @Override
    public Optional<ByteBuffer> lend() {
      lent.add(ByteBuffer.allocateDirect(20_000));
      return Optional.of(lent.get(lent.size() - 1));
    }

    @Override
    public void write(ByteBuffer source) {
      assertThat(lent.get(lent.size() - 1)).isSameAs(source);
      super.write(source);
    }
  }

  private static class Pieces implements StorageWriter {
    final List<Integer> lengths = new ArrayList<>();
    private final List<Boolean> aligned = new ArrayList<>();
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void write(ByteBuffer source) {
      lengths.add(source.remaining());
      aligned.add(source.isDirect() && source.alignmentOffset(source.position(), 4096) == 0);
      while (source.hasRemaining()) {
        bytes.write(source.get());
      }
    }

    @Override
    public void sync() {
      // Nothing to force.
    }

    @Override
    public void commit() {
      // The name does not matter.
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
