/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.format.SampleFormats;
import io.dlioflink.sink.SinkFixture;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.Storages;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.SampleShapes;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatasetFileWriterTest {
  private static final int TRAIN_FILES = 20;

  @TempDir private Path root;
  private final Workload workload =
      SinkFixture.workload("dataset.num_files_train=" + TRAIN_FILES, "dataset.num_files_eval=3");
  private final DatasetLayout layout = DatasetLayout.of(workload.dataset());
  private final SampleFormat format = SampleFormats.find(workload.dataset().format()).orElseThrow();
  private final WriteTelemetry telemetry = new WriteTelemetry();
  private final AtomicInteger completed = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private Storage storage;
  private FileThreads<WriteRequest> threads;

  @BeforeEach
  void openStorage() throws IOException {
    storage = Storages.open(SinkFixture.location(root), StorageOptions.NONE);
  }

  @AfterEach
  void close() throws IOException {
    if (threads != null) {
      threads.close();
    }
    storage.close();
  }

  private DatasetFileWriter writer() {
    return new DatasetFileWriter(
        new DatasetFileWriter.Target(
            storage,
            SinkFixture.location(root),
            layout,
            SampleShapes.of(workload.dataset()),
            workload.dataset()),
        format,
        telemetry);
  }

  private void openThreads(Runnable onCompleted) {
    threads =
        new FileThreads<>(
            "write-threads-test",
            2,
            this::writer,
            onCompleted,
            failure::set,
            Duration.ofMillis(100));
  }

  private Path file(long index) {
    return root.resolve(layout.relativePath(DatasetPart.TRAIN, index));
  }

  private long expectedBytes() {
    return format
        .fileLengthBytes(FileSpec.of(workload.dataset(), SampleShapes.of(workload.dataset()), 0))
        .orElseThrow();
  }

  private static List<Thread> liveThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("write-threads-test-"))
        .toList();
  }

  @Test
  void filesLieWhereTheLayoutSays() throws IOException {
    try (DatasetFileWriter writer = writer()) {
      writer.write(7, false);
      writer.write(TRAIN_FILES + 1, false);
    }

    assertThat(file(7)).hasSize(expectedBytes());
    assertThat(root.resolve("valid/img_1_of_3.npy")).hasSize(expectedBytes());
    assertThat(telemetry.filesWritten()).isEqualTo(2);
    assertThat(telemetry.takeInterval().bytesWritten()).isEqualTo(2 * expectedBytes());
    assertThat(storage.ioCounts().writtenBytes()).isEqualTo(2 * expectedBytes());
  }

  @Test
  void theSameNumberGivesTheSameBytes() throws IOException {
    try (DatasetFileWriter first = writer();
        DatasetFileWriter second = writer()) {
      first.write(1, false);
      byte[] bytes = Files.readAllBytes(file(1));
      second.write(0, false);
      second.write(1, false);

      assertThat(Files.readAllBytes(file(1))).isEqualTo(bytes);
      assertThat(Files.readAllBytes(file(0))).isNotEqualTo(bytes);
    }
  }

  @Test
  void resumingKeepsCompleteFilesAndRewritesShortOnes() throws IOException {
    byte[] whole;
    try (DatasetFileWriter writer = writer()) {
      writer.write(0, true);
      writer.write(1, true);
      whole = Files.readAllBytes(file(1));
      Files.write(file(1), Arrays.copyOf(whole, whole.length - 1));
      byte[] kept = new byte[whole.length];
      Files.write(file(0), kept);

      writer.write(0, true);
      writer.write(1, true);

      assertThat(Files.readAllBytes(file(0))).isEqualTo(kept);
      assertThat(Files.readAllBytes(file(1))).isEqualTo(whole);
    }
    assertThat(telemetry.filesWritten()).isEqualTo(3);
    assertThat(telemetry.filesPresent()).isEqualTo(1);
  }

  @Test
  void filesOfOthersAreReplaced() throws IOException {
    try (DatasetFileWriter writer = writer()) {
      Files.createDirectories(file(0).getParent());
      Files.write(file(0), new byte[(int) expectedBytes()]);

      writer.write(0, false);
    }

    assertThat(Files.readAllBytes(file(0))).isNotEqualTo(new byte[(int) expectedBytes()]);
    assertThat(telemetry.filesPresent()).isZero();
  }

  @Test
  void intervalsAreDifferencesAndAddUp() throws IOException {
    try (DatasetFileWriter writer = writer()) {
      writer.write(0, false);
      WriteTelemetry.Interval first = telemetry.takeInterval();
      writer.write(1, false);
      writer.write(0, true);
      WriteTelemetry.Interval second = telemetry.takeInterval();

      assertThat(first.filesWritten()).isEqualTo(1);
      assertThat(first.bytesWritten()).isEqualTo(expectedBytes());
      assertThat(first.fileLatency().getTotalCount()).isEqualTo(1);
      assertThat(second.filesWritten()).isEqualTo(1);
      assertThat(second.filesPresent()).isEqualTo(1);
      assertThat(second.bytesWritten()).isEqualTo(expectedBytes());
    }
    assertThat(telemetry.takeInterval().filesWritten()).isZero();
  }

  @Test
  void threadsWriteEveryFileOnce() {
    openThreads(completed::incrementAndGet);
    for (long number = 0; number < TRAIN_FILES; number += 2) {
      threads.submit(new WriteRequest(new long[] {number, number + 1}, false));
    }

    await().until(() -> completed.get() == TRAIN_FILES / 2);

    assertThat(failure.get()).isNull();
    assertThat(telemetry.filesWritten()).isEqualTo(TRAIN_FILES);
    for (long number = 0; number < TRAIN_FILES; number++) {
      assertThat(file(number)).hasSize(expectedBytes());
    }
  }

  @Test
  void aFailedWriteIsReportedWithItsLocation() throws IOException {
    Files.writeString(root.resolve("train"), "a file where the folder should be");
    openThreads(completed::incrementAndGet);

    threads.submit(new WriteRequest(new long[] {0}, false));

    await().until(() -> failure.get() != null);
    assertThat(failure.get())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(root.resolve("train").toString());
    assertThat(completed).hasValue(0);
  }

  @Test
  void aTaskThatHasEndedIsNoFailure() {
    openThreads(
        () -> {
          throw new RejectedExecutionException("The mailbox is closed");
        });

    threads.submit(new WriteRequest(new long[] {0}, false));

    await().until(() -> liveThreads().size() == 1);
    assertThat(failure.get()).isNull();
  }

  @Test
  void closingEndsIdleThreads() {
    openThreads(completed::incrementAndGet);

    threads.close();

    await().until(() -> liveThreads().isEmpty());
    assertThat(failure.get()).isNull();
  }

  @Test
  void closingDoesNotWaitForAWriteThatHangs() throws InterruptedException {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    openThreads(
        () -> {
          hanging.countDown();
          awaitUninterruptibly(answer);
        });
    threads.submit(new WriteRequest(new long[] {0}, false));
    assertThat(hanging.await(60, TimeUnit.SECONDS)).isTrue();

    threads.close();

    await().until(() -> liveThreads().size() == 1);
    answer.countDown();
    await().until(() -> liveThreads().isEmpty());
    assertThat(failure.get()).isNull();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean reached = false;
    while (!reached) {
      try {
        latch.await();
        reached = true;
      } catch (InterruptedException e) {
        // A system call that hangs does not hear of it.
        reached = false;
      }
    }
  }
}
