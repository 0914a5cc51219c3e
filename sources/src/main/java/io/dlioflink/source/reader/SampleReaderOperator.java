/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import io.dlioflink.format.DecoderFactories;
import io.dlioflink.format.DecoderFactory;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.source.BatchRequest;
import io.dlioflink.source.RunStart;
import io.dlioflink.source.SourceSignal;
import io.dlioflink.source.dataset.DatasetFiles;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.Storages;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.ReaderConfig;
import io.dlioflink.workload.Workload;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.annotation.Nullable;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.ExceptionUtils;

/**
 * Reads and decodes the batches it is asked for on threads of its own and hands them on in order.
 *
 * <p>Prefetching follows PyTorch's loader: with W read threads at most {@code W *
 * ceil(prefetch_size / W)} batches are in flight or waiting (2 per thread if prefetch_size is 0); a
 * place is free as soon as the accelerator takes a batch. Without read threads the next batch is
 * read when a step has ended. The task's thread waits for a free place in its mailbox, so
 * checkpoints and cancellation pass.
 */
public final class SampleReaderOperator extends AbstractStreamOperator<ReaderSignal>
    implements OneInputStreamOperator<SourceSignal, ReaderSignal>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  /** Bytes per read request unless {@code reader.transfer_size} says otherwise. */
  public static final int DEFAULT_CHUNK_BYTES = 1 << 20;

  private static final int DEFAULT_PREFETCH_FACTOR = 2;

  private final Workload workload;
  private final List<Pass> passes;
  private final Location root;
  private final boolean logReads;
  private final transient MailboxExecutor mailbox;

  private transient Storage storage;
  private transient ReadTelemetry telemetry;
  private transient @Nullable SampleReadThreads threads;
  private transient @Nullable RunStart run;
  private transient Deque<SampleReadThreads.Task> inOrder;
  private transient @Nullable PassGate gate;
  private transient Semaphore places;
  private transient int requestsAhead;
  private transient AtomicBoolean drainScheduled;
  private transient int announcedPass;

  SampleReaderOperator(
      StreamOperatorParameters<ReaderSignal> parameters,
      MailboxExecutor mailbox,
      Workload workload,
      List<Pass> passes,
      Location root,
      boolean logReads) {
    super(parameters);
    this.mailbox = mailbox;
    this.workload = workload;
    this.passes = passes;
    this.root = root;
    this.logReads = logReads;
  }

  /** Batches in flight or waiting per rank. */
  public static int prefetchedBatches(ReaderConfig reader) {
    int threads = Math.max(1, reader.readThreads());
    if (reader.readThreads() == 0) {
      return 1;
    }
    int factor =
        reader.prefetchSize() > 0
            ? (reader.prefetchSize() + threads - 1) / threads
            : DEFAULT_PREFETCH_FACTOR;
    return threads * factor;
  }

  /** Bytes per read request. */
  public static int chunkBytes(ReaderConfig reader) {
    return reader.transferSizeBytes() > 0
        ? (int) Math.min(reader.transferSizeBytes(), 1 << 30)
        : DEFAULT_CHUNK_BYTES;
  }

  @Override
  public void open() throws Exception {
    super.open();
    DatasetConfig dataset = workload.dataset();
    ReaderConfig reader = workload.reader();
    DecoderFactory decoders =
        DecoderFactories.find(
            dataset.format(),
            reader.readerClassname(),
            getRuntimeContext().getUserCodeClassLoader());
    storage = Storages.open(root, new StorageOptions(workload.storage().options()));
    telemetry = new ReadTelemetry(logReads);
    inOrder = new ArrayDeque<>();
    places = new Semaphore(prefetchedBatches(reader));
    requestsAhead = prefetchedBatches(reader) + Math.max(1, reader.readThreads());
    drainScheduled = new AtomicBoolean();
    announcedPass = -1;
    int rank = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    threads =
        new SampleReadThreads(
            "sample-reader-" + rank,
            Math.max(1, reader.readThreads()),
            new SampleReadThreads.Job(
                storage,
                root,
                decoders,
                ReadSpec.of(dataset),
                chunkBytes(reader),
                reader.preprocessTime(),
                workload.train().seed() * 7919 + rank,
                places),
            telemetry,
            task -> scheduleDrain(),
            this::failInMailbox);
    registerMetrics(getMetricGroup());
  }

  private void registerMetrics(MetricGroup group) {
    int prefetched = prefetchedBatches(workload.reader());
    group.gauge(ReaderMetrics.SAMPLES, (Gauge<Long>) telemetry::samples);
    group.gauge(ReaderMetrics.SAMPLE_BYTES, (Gauge<Long>) telemetry::sampleBytes);
    group.gauge(ReaderMetrics.STORAGE_BYTES, (Gauge<Long>) telemetry::storageBytes);
    group.gauge(
        ReaderMetrics.DIRECT_BYTES, (Gauge<Long>) () -> telemetry.ioCounts().directReadBytes());
    group.gauge(ReaderMetrics.RETRIES, (Gauge<Long>) () -> telemetry.ioCounts().retries());
    group.gauge(
        ReaderMetrics.BATCHES_IN_FLIGHT,
        (Gauge<Integer>) () -> prefetched - places.availablePermits());
  }

  @Override
  public void processElement(StreamRecord<SourceSignal> element) throws Exception {
    SourceSignal signal = element.getValue();
    if (signal instanceof RunStart started) {
      run = started;
      emit(new RankStart(started, telemetry));
    } else if (signal instanceof BatchRequest request) {
      request(request);
    }
  }

  private void request(BatchRequest request) throws InterruptedException {
    if (request.passIndex() != announcedPass) {
      announcedPass = request.passIndex();
      drainAll();
      gate = new PassGate(threads);
      emit(new PassStart(request.passIndex(), gate::open));
    }
    // Requests are small; a few wait here so that a free place is filled without this thread.
    while (inOrder.size() >= requestsAhead) {
      mailbox.yield();
    }
    DatasetFiles files = run.facts().files().get(passes.get(request.passIndex()).part());
    SampleReadThreads.Task task = new SampleReadThreads.Task(request, files);
    inOrder.add(task);
    gate.submit(task);
  }

  /** A pass is announced behind the last batch of the one before it. */
  private void drainAll() throws InterruptedException {
    while (!inOrder.isEmpty()) {
      mailbox.yield();
    }
  }

  private void scheduleDrain() {
    if (drainScheduled.compareAndSet(false, true)) {
      mailbox.execute(this::drain, "hand on batches");
    }
  }

  private void drain() {
    drainScheduled.set(false);
    boolean synchronous = workload.reader().readThreads() == 0;
    for (SampleReadThreads.Task head = inOrder.peek();
        head != null && head.done();
        head = inOrder.peek()) {
      inOrder.remove();
      emit(
          new Batch(
              head.request(),
              head.sampleBytes(),
              head.storageBytes(),
              head.reads(),
              synchronous ? () -> {} : places::release,
              synchronous ? places::release : () -> {}));
    }
  }

  private void failInMailbox(Throwable failure) {
    mailbox.execute(() -> ExceptionUtils.rethrowException(failure), "reading failed");
  }

  private void emit(ReaderSignal signal) {
    output.collect(new StreamRecord<>(signal));
  }

  @Override
  public void endInput() throws Exception {
    drainAll();
  }

  @Override
  public void close() throws Exception {
    if (threads != null) {
      threads.close();
    }
    if (storage != null) {
      storage.close();
    }
    super.close();
  }
}
