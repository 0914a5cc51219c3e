/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.DecoderFactory;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.source.BatchRequest;
import io.dlioflink.source.RankProgress;
import io.dlioflink.source.RunStart;
import io.dlioflink.source.SourceFixture;
import io.dlioflink.source.SourceSignal;
import io.dlioflink.source.barrier.BarrierTicket;
import io.dlioflink.source.dataset.DatasetFacts;
import io.dlioflink.source.dataset.DatasetFiles;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.PassSchedule;
import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SampleReaderOperatorTest {
  @TempDir private Path root;
  private Workload workload;
  private OneInputStreamOperatorTestHarness<SourceSignal, ReaderSignal> harness;

  @AfterEach
  void close() throws Exception {
    if (harness != null) {
      harness.close();
    }
  }

  private void open(String... overrides) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "dataset.num_files_train=40",
                "train.epochs=2",
                "framework=pytorch",
                "reader.data_loader=pytorch"));
    all.addAll(List.of(overrides));
    workload = SourceFixture.workload(all.toArray(String[]::new));
    SourceFixture.write(workload, DatasetPart.TRAIN, root);
    harness =
        new OneInputStreamOperatorTestHarness<>(
            new SampleReaderOperatorFactory(
                workload, PassSchedule.of(workload, 1), SourceFixture.location(root), false));
    harness.getExecutionConfig().enableObjectReuse();
    harness.setup(new ByReference());
    harness.open();
    DatasetFiles files =
        new DatasetFiles.Derived(DatasetPart.TRAIN, DatasetLayout.of(workload.dataset()));
    process(
        new RunStart(
            0,
            1,
            new BarrierTicket("run", 1, null),
            new DatasetFacts(Map.of(DatasetPart.TRAIN, files), true, false, List.of()),
            new RankProgress(0),
            0));
  }

  private void process(SourceSignal signal) throws Exception {
    harness.processElement(new StreamRecord<>(signal));
  }

  private void request(int pass, int step) throws Exception {
    process(new BatchRequest(pass, step, new long[] {step - 1}));
  }

  private List<ReaderSignal> signals() {
    List<ReaderSignal> signals = new ArrayList<>();
    for (Object record : harness.getOutput()) {
      signals.add((ReaderSignal) ((StreamRecord<?>) record).getValue());
    }
    return signals;
  }

  private List<Batch> batches() {
    return signals().stream().filter(Batch.class::isInstance).map(Batch.class::cast).toList();
  }

  private PassStart lastPass() {
    List<ReaderSignal> passes = signals().stream().filter(PassStart.class::isInstance).toList();
    return (PassStart) passes.get(passes.size() - 1);
  }

  /** Does what the task's thread does between two records. */
  private void runMails() throws Exception {
    Optional<Mail> mail = harness.getTaskMailbox().tryTake(TaskMailbox.MIN_PRIORITY);
    while (mail.isPresent()) {
      mail.get().run();
      mail = harness.getTaskMailbox().tryTake(TaskMailbox.MIN_PRIORITY);
    }
  }

  private void runMailsUntilBatches(int count) {
    await()
        .pollInSameThread()
        .until(
            () -> {
              runMails();
              return batches().size() >= count;
            });
  }

  /** Plays the accelerator in a thread of its own: begins passes, takes each batch. */
  private CompletableFuture<Void> accelerator(int batchesWanted) {
    return CompletableFuture.runAsync(
        () -> {
          int seen = 0;
          int taken = 0;
          while (taken < batchesWanted && !Thread.currentThread().isInterrupted()) {
            List<ReaderSignal> signals = signals();
            for (; seen < signals.size(); seen++) {
              if (signals.get(seen) instanceof PassStart pass) {
                pass.begin();
              } else if (signals.get(seen) instanceof Batch batch) {
                batch.taken();
                batch.stepEnded();
                taken++;
              }
            }
            Thread.onSpinWait();
          }
        });
  }

  @ParameterizedTest
  @CsvSource({"4, 2", "1, 1", "3, 0", "0, 0"})
  void batchesComeInTheOrderOfTheirRequests(int threads, int prefetch) throws Exception {
    open("reader.read_threads=" + threads, "reader.prefetch_size=" + prefetch);
    CompletableFuture<Void> accelerator = accelerator(80);

    for (int pass = 0; pass < 2; pass++) {
      for (int step = 1; step <= 40; step++) {
        request(pass, step);
      }
    }
    harness.endInput();
    accelerator.get(60, TimeUnit.SECONDS);

    assertThat(signals().get(0)).isInstanceOf(RankStart.class);
    assertThat(batches()).hasSize(80);
    for (int i = 0; i < 80; i++) {
      assertThat(batches().get(i).request().passIndex()).isEqualTo(i / 40);
      assertThat(batches().get(i).request().step()).isEqualTo(i % 40 + 1);
    }
    assertThat(signals().get(1)).isInstanceOf(PassStart.class);
    assertThat(signals().get(42)).isInstanceOf(PassStart.class);
    assertThat(batches())
        .allSatisfy(
            batch -> {
              assertThat(batch.sampleBytes()).isEqualTo(1024);
              assertThat(batch.storageBytes())
                  .isEqualTo(SourceFixture.fileBytes(workload, DatasetPart.TRAIN, 0));
            });
    ReadTelemetry telemetry = ((RankStart) signals().get(0)).telemetry();
    assertThat(telemetry.samples()).isEqualTo(80);
    assertThat(telemetry.sampleBytes()).isEqualTo(80 * 1024);
  }

  @Test
  void nothingIsReadBeforeThePassBegins() throws Exception {
    open("reader.read_threads=2", "reader.prefetch_size=4");
    for (int step = 1; step <= 4; step++) {
      request(0, step);
    }
    runMails();
    assertThat(batches()).isEmpty();

    lastPass().begin();
    runMailsUntilBatches(4);

    assertThat(batches()).hasSize(4);
  }

  @Test
  void noMoreThanThePrefetchedBatchesAreUnderWayAtOnce() throws Exception {
    open("reader.read_threads=2", "reader.prefetch_size=4");
    for (int step = 1; step <= 4; step++) {
      request(0, step);
    }
    lastPass().begin();
    runMailsUntilBatches(4);
    ReadTelemetry telemetry = ((RankStart) signals().get(0)).telemetry();
    CompletableFuture<Long> readWhenTaken = new CompletableFuture<>();
    CompletableFuture<Void> taker =
        CompletableFuture.runAsync(
            () -> {
              // The task's thread waits for a place now, or will; nothing more is read meanwhile.
              readWhenTaken.complete(telemetry.samples());
              batches().get(0).taken();
            });

    request(0, 5);
    taker.get(60, TimeUnit.SECONDS);
    runMailsUntilBatches(5);

    assertThat(readWhenTaken).isCompletedWithValue(4L);
    assertThat(telemetry.samples()).isEqualTo(5);
  }

  @Test
  void withoutReadThreadsTheNextBatchIsReadWhenTheStepHasEnded() throws Exception {
    open("reader.read_threads=0");
    request(0, 1);
    lastPass().begin();
    runMailsUntilBatches(1);
    ReadTelemetry telemetry = ((RankStart) signals().get(0)).telemetry();
    batches().get(0).taken();
    CompletableFuture<Long> readBeforeStepEnd = new CompletableFuture<>();
    CompletableFuture<Void> stepEnd =
        CompletableFuture.runAsync(
            () -> {
              readBeforeStepEnd.complete(telemetry.samples());
              batches().get(0).stepEnded();
            });

    request(0, 2);
    stepEnd.get(60, TimeUnit.SECONDS);
    runMailsUntilBatches(2);

    assertThat(readBeforeStepEnd).isCompletedWithValue(1L);
  }

  @Test
  void aBrokenFileFailsTheTask() throws Exception {
    open("reader.read_threads=1", "reader.prefetch_size=1");
    Path broken = root.resolve("train/img_00_of_40.npy");
    Files.write(broken, new byte[200]);
    request(0, 1);
    lastPass().begin();

    assertThatThrownBy(harness::endInput)
        .hasStackTraceContaining(BrokenFileException.class.getName())
        .rootCause()
        .hasMessageStartingWith("Broken file " + broken + " at byte 0: ");
  }

  /** Holds every first sample of a file back. */
  public static final class HoldingDecoders implements DecoderFactory {
    private static volatile CountDownLatch release = new CountDownLatch(1);

    @Override
    public SampleFileDecoder newDecoder(ReadSpec spec) {
      return new SampleFileDecoder() {
        @Override
        public long decode(FileInput input, int sample) throws IOException {
          try {
            if (sample == 0) {
              release.await();
            }
          } catch (InterruptedException e) {
            throw (IOException) new InterruptedIOException().initCause(e);
          }
          return 1;
        }

        @Override
        public void close() {
          // Nothing is held.
        }
      };
    }
  }

  @Test
  void batchesMayComeInTheOrderOfTheirCompletion() throws Exception {
    HoldingDecoders.release = new CountDownLatch(1);
    open(
        "reader.ordered=false",
        "reader.read_threads=2",
        "dataset.num_samples_per_file=2",
        "reader.reader_classname=" + HoldingDecoders.class.getName());
    process(new BatchRequest(0, 1, new long[] {0}));
    process(new BatchRequest(0, 2, new long[] {1}));
    lastPass().begin();
    runMailsUntilBatches(1);

    assertThat(batches()).extracting(batch -> batch.request().step()).containsExactly(2L);
    HoldingDecoders.release.countDown();
    runMailsUntilBatches(2);
    assertThat(batches()).extracting(batch -> batch.request().step()).containsExactly(2L, 1L);
  }

  @Test
  void paddingIsNotRead() throws Exception {
    open("reader.read_threads=1");
    process(new BatchRequest(0, 1, new long[] {3, SampleOrder.PADDING, SampleOrder.PADDING}));
    lastPass().begin();
    runMailsUntilBatches(1);

    assertThat(batches().get(0).sampleBytes()).isEqualTo(1024);
    assertThat(((RankStart) signals().get(0)).telemetry().samples()).isEqualTo(1);
  }

  @Test
  void theChunkFollowsTheTransferSizeElseTheStorageElseTheFiles() throws IOException {
    Workload unset = SourceFixture.workload("dataset.record_length_bytes=40000000");
    Workload set = SourceFixture.workload("reader.transfer_size=8192");
    Workload small =
        SourceFixture.workload("dataset.format=npy", "dataset.record_length_bytes=4096");
    Workload drawn =
        SourceFixture.workload(
            "dataset.record_length_bytes=4096", "dataset.record_length_bytes_stdev=100");
    Location local = Location.parse("/data");
    Location remote = Location.parse("s3://bucket/data");

    assertThat(SampleReaderOperator.chunkBytes(unset, local))
        .isEqualTo(SampleReaderOperator.DEFAULT_CHUNK_BYTES);
    assertThat(SampleReaderOperator.chunkBytes(unset, remote))
        .isEqualTo(SampleReaderOperator.DEFAULT_REMOTE_CHUNK_BYTES);
    assertThat(SampleReaderOperator.chunkBytes(set, local)).isEqualTo(8192);
    assertThat(SampleReaderOperator.chunkBytes(set, remote)).isEqualTo(8192);
    assertThat(SampleReaderOperator.chunkBytes(small, local)).isEqualTo(4096 + 128 + 1);
    assertThat(SampleReaderOperator.chunkBytes(small, remote)).isEqualTo(4096 + 128 + 1);
    assertThat(SampleReaderOperator.chunkBytes(drawn, local))
        .isEqualTo(SampleReaderOperator.DEFAULT_CHUNK_BYTES);
  }
}
