/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import io.dlioflink.format.DatasetStorages;
import io.dlioflink.format.DecoderFactories;
import io.dlioflink.format.DecoderFactory;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFormats;
import io.dlioflink.source.BatchRequest;
import io.dlioflink.source.RunStart;
import io.dlioflink.source.SourceSignal;
import io.dlioflink.source.dataset.DatasetFiles;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.workload.DataLoader;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.FileFormat;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.ReaderConfig;
import io.dlioflink.workload.SampleOrderStrategy;
import io.dlioflink.workload.TimeSpec;
import io.dlioflink.workload.Workload;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.annotation.Nullable;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.ExceptionUtils;

/**
 * Reads and decodes the batches it is asked for on threads of its own and hands them on, in order
 * or ({@code reader.ordered: false}) as they are completed.
 *
 * <p>How many batches are in flight or waiting follows the loader, see {@link LoaderThreads}; a
 * place is free as soon as the accelerator takes a batch. Without read threads the next batch is
 * read when a step has ended. The task's thread waits for a free place in its mailbox, so
 * checkpoints and cancellation pass.
 */
public final class SampleReaderOperator extends AbstractStreamOperator<ReaderSignal>
    implements OneInputStreamOperator<SourceSignal, ReaderSignal>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  /** Bytes per read request unless {@code reader.transfer_size} says otherwise. */
  public static final int DEFAULT_CHUNK_BYTES = 1 << 20;

  /** The same of an object store, where a request costs more and goes a long way. */
  public static final int DEFAULT_REMOTE_CHUNK_BYTES = 8 << 20;

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

  /**
   * Bytes per read request of a dataset; each read thread has a buffer of that size. Where all
   * files are known to be smaller than a request, it is a byte more than they have, so that the
   * first request finds the end.
   */
  public static int chunkBytes(Workload workload, Location root) {
    long transferSize = workload.reader().transferSizeBytes();
    if (transferSize > 0) {
      return (int) Math.min(transferSize, 1 << 30);
    }
    int most = root.isLocal() ? DEFAULT_CHUNK_BYTES : DEFAULT_REMOTE_CHUNK_BYTES;
    OptionalLong fileLength = SampleFormats.uniformLengthBytes(workload.dataset());
    return fileLength.isPresent() ? (int) Math.min(most, fileLength.getAsLong() + 1) : most;
  }

  /** DLIO's loaders of TFRecord files do not wait for samples. */
  private static TimeSpec preprocessTime(Workload workload) {
    boolean left =
        workload.reader().sampleOrder() == SampleOrderStrategy.DLIO
            && workload.dataset().format() == FileFormat.TFRECORD;
    return left ? TimeSpec.none() : workload.reader().preprocessTime();
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
    storage = DatasetStorages.open(workload, root);
    telemetry = new ReadTelemetry(logReads);
    inOrder = new ArrayDeque<>();
    LoaderThreads loader = LoaderThreads.of(reader);
    places = new Semaphore(loader.batchesAhead());
    requestsAhead = loader.batchesAhead() + loader.threads();
    drainScheduled = new AtomicBoolean();
    announcedPass = -1;
    int rank = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    threads =
        new SampleReadThreads(
            "sample-reader-" + rank,
            loader.threads(),
            new SampleReadThreads.Job(
                storage,
                root,
                decoders,
                ReadSpec.of(dataset),
                chunkBytes(workload, root),
                preprocessTime(workload),
                workload.train().seed() * 7919 + rank,
                places),
            telemetry,
            task -> scheduleDrain(),
            this::failInMailbox);
    registerMetrics(getMetricGroup());
  }

  private void registerMetrics(MetricGroup group) {
    int prefetched = LoaderThreads.of(workload.reader()).batchesAhead();
    group.gauge(ReaderMetrics.SAMPLES, (Gauge<Long>) telemetry::samples);
    group.gauge(ReaderMetrics.SAMPLE_BYTES, (Gauge<Long>) telemetry::sampleBytes);
    group.gauge(ReaderMetrics.STORAGE_BYTES, (Gauge<Long>) telemetry::storageBytes);
    group.gauge(
        ReaderMetrics.DIRECT_BYTES, (Gauge<Long>) () -> telemetry.ioCounts().directReadBytes());
    group.gauge(ReaderMetrics.RETRIES, (Gauge<Long>) () -> telemetry.ioCounts().retries());
    group.gauge(
        ReaderMetrics.BATCHES_IN_FLIGHT,
        (Gauge<Integer>) () -> prefetched - places.availablePermits());
    telemetry.requests().ifPresent(made -> ReaderMetrics.registerRequests(group, made));
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
    SampleReadThreads.Task task =
        new SampleReadThreads.Task(request, files, readingOrder(request.ids()));
    inOrder.add(task);
    gate.submit(task);
  }

  /**
   * DLIO's tensorflow loader reads interleaved TFRecord files each from its start to its end: the
   * records of a batch are read file by file, those that follow each other in one go.
   */
  private long[] readingOrder(long[] ids) {
    if (!readsTfRecordsOfTensorflow(workload)) {
      return ids;
    }
    long[] byFile = ids.clone();
    Arrays.sort(byFile);
    return byFile;
  }

  private static boolean readsTfRecordsOfTensorflow(Workload workload) {
    ReaderConfig reader = workload.reader();
    return reader.sampleOrder() == SampleOrderStrategy.DLIO
        && reader.dataLoader() == DataLoader.TENSORFLOW
        && workload.dataset().format() == FileFormat.TFRECORD;
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
    boolean anyOrder = !workload.reader().ordered();
    for (Iterator<SampleReadThreads.Task> tasks = inOrder.iterator(); tasks.hasNext(); ) {
      SampleReadThreads.Task task = tasks.next();
      if (task.done()) {
        tasks.remove();
        emit(batch(task));
      } else if (!anyOrder) {
        return;
      }
    }
  }

  private Batch batch(SampleReadThreads.Task task) {
    boolean synchronous = LoaderThreads.of(workload.reader()).synchronous();
    return new Batch(
        task.request(),
        task.samples(),
        task.coverage(),
        task.sampleBytes(),
        task.storageBytes(),
        task.reads(),
        synchronous ? () -> {} : places::release,
        synchronous ? places::release : () -> {});
  }

  private void failInMailbox(Throwable failure) {
    // A run is resumed because a worker was lost, not to try its data or storage again.
    SuppressRestartsException last = new SuppressRestartsException(failure);
    mailbox.execute(() -> ExceptionUtils.rethrowException(last), "reading failed");
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
