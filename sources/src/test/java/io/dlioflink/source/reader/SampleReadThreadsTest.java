/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.source.BatchRequest;
import io.dlioflink.source.SourceFixture;
import io.dlioflink.source.dataset.DatasetFiles;
import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.TimeSpec;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.order.CoverageProof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SampleReadThreadsTest {
  private static final int FILES = 8;
  private static final int SAMPLES_PER_FILE = 3;

  @TempDir private Path root;
  private final Workload workload =
      SourceFixture.workload(
          "dataset.num_files_train=" + FILES, "dataset.num_samples_per_file=" + SAMPLES_PER_FILE);
  private final DatasetFiles files =
      new DatasetFiles.Derived(DatasetPart.TRAIN, DatasetLayout.of(workload.dataset()));
  private final ReadTelemetry telemetry = new ReadTelemetry();
  private final Set<SampleReadThreads.Task> completed = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private Storage storage;
  private SampleReadThreads threads;

  @BeforeEach
  void writeDataset() throws IOException {
    SourceFixture.write(workload, DatasetPart.TRAIN, root);
    storage = SourceFixture.storage(root);
  }

  @AfterEach
  void close() throws IOException {
    if (threads != null) {
      threads.close();
    }
    storage.close();
  }

  private void open(Storage from, Consumer<SampleReadThreads.Task> onCompleted) {
    threads =
        new SampleReadThreads(
            "read-threads-test",
            3,
            new SampleReadThreads.Job(
                from,
                SourceFixture.location(root),
                SourceFixture.format(workload),
                ReadSpec.of(workload.dataset()),
                4096,
                TimeSpec.none(),
                1,
                new Semaphore(1000)),
            telemetry,
            onCompleted,
            failure::set,
            Duration.ofMillis(100));
  }

  private SampleReadThreads.Task submit(long... ids) {
    SampleReadThreads.Task task = new SampleReadThreads.Task(new BatchRequest(0, 1, ids), files);
    threads.submit(task);
    return task;
  }

  private Path file(long index) {
    return root.resolve(files.relativePath(index));
  }

  @Test
  void everyBatchIsReadWholeAndCounted() throws IOException {
    open(storage, completed::add);
    List<SampleReadThreads.Task> tasks =
        LongStream.range(0, FILES)
            .mapToObj(file -> submit(file * 3, file * 3 + 1, file * 3 + 2))
            .toList();

    await().until(() -> completed.size() == FILES);

    long sampleBytes = SourceFixture.spec(workload, DatasetPart.TRAIN, 0).sampleBytes();
    assertThat(failure.get()).isNull();
    assertThat(tasks)
        .allSatisfy(
            task -> {
              assertThat(task.done()).isTrue();
              assertThat(task.samples()).isEqualTo(3);
              assertThat(task.coverage())
                  .isEqualTo(CoverageProof.sum(LongStream.of(task.request().ids())));
              assertThat(task.sampleBytes()).isEqualTo(3 * sampleBytes);
              assertThat(task.storageBytes()).isPositive();
            });
    assertThat(telemetry.samples()).isEqualTo(FILES * 3L);
    assertThat(telemetry.sampleBytes()).isEqualTo(FILES * 3L * sampleBytes);
    assertThat(telemetry.storageBytes())
        .isEqualTo(tasks.stream().mapToLong(SampleReadThreads.Task::storageBytes).sum())
        .isEqualTo(telemetry.ioCounts().readBytes());
    ReadLatencies latencies = telemetry.takeLatencies();
    assertThat(latencies.open().getTotalCount())
        .isEqualTo(latencies.firstByte().getTotalCount())
        .isPositive();
    assertThat(latencies.read().getTotalCount()).isEqualTo(FILES * 3L);
    assertThat(latencies.storage().getTotalCount()).isEqualTo(FILES * 3L);
    assertThat(latencies.decode().getTotalCount()).isEqualTo(FILES * 3L);
    assertThat(latencies.firstByte().getMaxValue())
        .isGreaterThanOrEqualTo(latencies.open().getMinValue());
    assertThat(telemetry.takeLatencies().storage().getTotalCount()).isZero();
  }

  @Test
  void whatIsNotReadIsNotCounted() {
    open(storage, completed::add);
    SampleReadThreads.Task task = submit(5, SampleOrder.PADDING, 4, 7, 8);

    await().until(() -> completed.size() == 1);

    assertThat(task.samples()).isEqualTo(4);
    assertThat(task.coverage()).isEqualTo(CoverageProof.sum(LongStream.of(4, 5, 7, 8)));
  }

  @Test
  void aCorruptFileIsBroken() throws IOException {
    Files.write(
        file(2), "this is no array, whatever its name says".getBytes(StandardCharsets.US_ASCII));
    open(storage, completed::add);

    submit(6);

    await().until(() -> failure.get() != null);
    assertThat(failure.get())
        .isInstanceOf(BrokenFileException.class)
        .hasMessageStartingWith("Broken file " + file(2) + " at byte 0: ");
    assertThat(completed).isEmpty();
    assertThat(telemetry.samples()).isZero();
  }

  @Test
  void aTruncatedFileIsBroken() throws IOException {
    byte[] whole = Files.readAllBytes(file(1));
    Files.write(file(1), Arrays.copyOf(whole, whole.length - 1));
    open(storage, completed::add);

    submit(5);

    await().until(() -> failure.get() != null);
    assertThat(failure.get())
        .isInstanceOf(BrokenFileException.class)
        .hasMessageStartingWith("Broken file " + file(1) + " at byte ");
  }

  @Test
  void aFileThatIsGoneIsNamed() throws IOException {
    Files.delete(file(0));
    open(storage, completed::add);

    submit(0);

    await().until(() -> failure.get() != null);
    assertThat(failure.get())
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(StorageException.Reason.MISSING);
              assertThat(e.location()).isEqualTo(file(0).toString());
            });
  }

  @Test
  void closingDoesNotWaitForStorageThatHangs() throws InterruptedException {
    HangingStorage hanging = new HangingStorage();
    open(hanging, completed::add);
    submit(0);
    assertThat(hanging.asked.await(60, TimeUnit.SECONDS)).isTrue();

    threads.close();

    await().until(() -> liveThreads().size() == 1);
    hanging.answer();
    await().until(() -> liveThreads().isEmpty());
    assertThat(failure.get()).isNull();
  }

  @Test
  void closingEndsIdleThreads() {
    open(storage, completed::add);

    threads.close();

    await().until(() -> liveThreads().isEmpty());
    assertThat(failure.get()).isNull();
  }

  @Test
  void aTaskThatHasEndedIsNoFailure() {
    open(
        storage,
        task -> {
          throw new RejectedExecutionException("The mailbox is closed");
        });

    submit(0);

    await().until(() -> liveThreads().size() == 2);
    assertThat(failure.get()).isNull();
  }

  @Test
  void aClosedGateHoldsBatchesBackAndAnOpenOneDoesNot() {
    open(storage, completed::add);
    PassGate gate = new PassGate(threads);
    gate.submit(new SampleReadThreads.Task(new BatchRequest(0, 1, new long[] {0}), files));
    gate.submit(new SampleReadThreads.Task(new BatchRequest(0, 2, new long[] {1}), files));
    submit(2);
    await().until(() -> completed.size() == 1);

    gate.open();
    gate.open();
    await().until(() -> completed.size() == 3);
    gate.submit(new SampleReadThreads.Task(new BatchRequest(0, 3, new long[] {3}), files));

    await().until(() -> completed.size() == 4);
    assertThat(telemetry.samples()).isEqualTo(4);
  }

  @Test
  void withoutStorageNothingHasMoved() {
    assertThat(new ReadTelemetry().ioCounts()).isEqualTo(IoCounts.ZERO);
  }

  private static List<Thread> liveThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("read-threads-test-"))
        .toList();
  }
}
