/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.storage.StorageWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WriteBehindTest {
  /** Storage of which only writing matters. */
  private abstract static class Target implements StorageWriter {
    @Override
    public void sync() {}

    @Override
    public void commit() {}

    @Override
    public void close() {}
  }

  @Test
  void anErrorOfStorageReachesTheCaller() throws IOException {
    Target broken =
        new Target() {
          @Override
          public void write(ByteBuffer source) {
            throw new OutOfMemoryError("no room");
          }
        };
    try (WriteBehind output = new WriteBehind("test")) {
      output.open(broken);
      output.room().put((byte) 1);
      assertThatThrownBy(output::flush)
          .isInstanceOf(IOException.class)
          .hasMessage("java.lang.OutOfMemoryError: no room");
    }
  }

  @Test
  void bytesAreMadeInMemoryThatTheStorageLendsAndNotInWhatItHasBack() throws IOException {
    Lender lender = new Lender();
    try (WriteBehind output = new WriteBehind("test")) {
      output.open(lender);
      for (int number = 0; number < 100; number++) {
        output.room().putInt(number);
      }
      output.flush();
      assertThat(lender.taken).hasSize(50);
      for (int number = 0; number < 100; number++) {
        ByteBuffer buffer = lender.taken.get(number / 2);
        assertThat(buffer.getInt(number % 2 * Integer.BYTES)).isEqualTo(number);
      }
    }
  }

  @Test
  void afterAFailureNothingIsMadeInMemoryThatTheStorageHas() throws IOException {
    Lender lender = new Lender();
    lender.fails = true;
    try (WriteBehind output = new WriteBehind("test")) {
      output.open(lender);
      assertThatThrownBy(
              () -> {
                for (int number = 0; number < 20; number++) {
                  output.room().putInt(number);
                }
                output.flush();
              })
          .hasMessage("full");
      assertThat(lender.taken).hasSize(1);
      assertThat(lender.taken.get(0).getInt(0)).isZero();
    }
  }

  /** Lends buffers of eight bytes. */
  private static final class Lender extends Target {
    // Buffers are equal by what is in them.
    private static final Comparator<ByteBuffer> BY_IDENTITY =
        Comparator.comparingInt(System::identityHashCode);

    private final List<ByteBuffer> lent = new ArrayList<>();
    private final List<ByteBuffer> taken = new ArrayList<>();
    private boolean fails;

    @Override
    public Optional<ByteBuffer> lend() {
      lent.add(ByteBuffer.allocateDirect(2 * Integer.BYTES));
      return Optional.of(lent.get(lent.size() - 1));
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
      assertThat(lent).usingElementComparator(BY_IDENTITY).contains(source);
      assertThat(taken).usingElementComparator(BY_IDENTITY).doesNotContain(source);
      taken.add(source);
      source.order(ByteOrder.LITTLE_ENDIAN).position(source.limit());
      if (fails) {
        throw new IOException("full");
      }
    }
  }

  @Test
  void aCancelledCallerStillWaitsUntilItsFileIsNotWrittenToAnyMore() throws Exception {
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Target slow =
        new Target() {
          @Override
          public void write(ByteBuffer source) throws IOException {
            writing.countDown();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              throw new IOException("interrupted", e);
            } finally {
              ended.countDown();
            }
          }
        };
    WriteBehind output = new WriteBehind("test");
    output.open(slow);
    output.room().put((byte) 1).position(WriteBehind.BUFFER_BYTES);
    output.room();
    writing.await();
    IOException failure = new IOException("cancelled");

    Thread.currentThread().interrupt();
    output.abandonAfter(failure);

    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    assertThat(ended.getCount()).isZero();
    assertThat(failure.getSuppressed()).hasSize(1);
    assertThatThrownBy(() -> output.open(slow)).hasMessage("Writing has ended");
  }
}
