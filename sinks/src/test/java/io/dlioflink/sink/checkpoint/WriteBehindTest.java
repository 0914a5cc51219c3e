/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.storage.StorageWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
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
