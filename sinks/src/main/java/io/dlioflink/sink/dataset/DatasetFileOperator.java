/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

import io.dlioflink.format.SampleFormat;
import io.dlioflink.format.SampleFormats;
import io.dlioflink.sink.metrics.HostFacts;
import io.dlioflink.sink.metrics.MetricsCodec;
import io.dlioflink.sink.metrics.MetricsRecord;
import io.dlioflink.sink.metrics.RankHello;
import io.dlioflink.sink.metrics.RequestInterval;
import io.dlioflink.sink.metrics.RequestMeter;
import io.dlioflink.sink.metrics.RequestMetrics;
import io.dlioflink.sink.metrics.Traffic;
import io.dlioflink.sink.metrics.WallClock;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.Storages;
import io.dlioflink.workload.Workload;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.annotation.Nullable;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.ExceptionUtils;

/**
 * Works on dataset files on threads of its own and tells every second what it did. The task's
 * thread waits in its mailbox, so cancellation passes.
 *
 * @param <T> names some files
 */
abstract class DatasetFileOperator<T> extends AbstractStreamOperator<byte[]>
    implements OneInputStreamOperator<T, byte[]>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  private static final long INTERVAL_MILLIS = 1000;

  private final Workload workload;
  private final Location root;
  private final int threadCount;
  private final transient MailboxExecutor mailbox;

  private transient @Nullable Storage storage;
  private transient @Nullable FileThreads<T> threads;
  private transient AtomicInteger outstanding;
  private transient long startMicros;
  private transient int rank;
  private transient @Nullable ScheduledFuture<?> intervals;
  private transient boolean introduced;
  private transient RequestMeter requests;

  DatasetFileOperator(
      StreamOperatorParameters<byte[]> parameters,
      MailboxExecutor mailbox,
      Workload workload,
      Location root,
      int threadCount) {
    super(parameters);
    this.mailbox = mailbox;
    this.workload = workload;
    this.root = root;
    this.threadCount = threadCount;
  }

  /** What the threads do; each makes one of these. */
  abstract FileThreads.FileWorker<T> newWorker(
      DatasetFileWriter.Target target, SampleFormat format);

  abstract void registerMetrics(MetricGroup group, Storage files);

  /**
   * What was done since the last call.
   *
   * @param start of the work, wall clock microseconds
   * @param end now, likewise
   * @param last whether all is done
   */
  abstract MetricsRecord takeInterval(
      int ofRank, long start, long end, Storage files, boolean last);

  @Override
  public void open() throws Exception {
    super.open();
    SampleFormat format = SampleFormats.require(workload.dataset().format());
    rank = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    outstanding = new AtomicInteger();
    storage = Storages.open(root, new StorageOptions(workload.storage().clientOptions()));
    DatasetFileWriter.Target target =
        DatasetFileWriter.Target.of(storage, root, workload.dataset());
    threads =
        new FileThreads<>(
            getOperatorConfig().getOperatorName().replace(' ', '-').toLowerCase(Locale.ROOT)
                + "-"
                + rank,
            threadCount,
            () -> newWorker(target, format),
            this::wake,
            this::failInMailbox);
    requests = new RequestMeter(rank, Traffic.DATASET, storage.requests());
    registerMetrics(getMetricGroup(), storage);
    storage.requests().ifPresent(made -> RequestMetrics.register(getMetricGroup(), made));
    intervals =
        getProcessingTimeService()
            .scheduleAtFixedRate(time -> emitInterval(false), INTERVAL_MILLIS, INTERVAL_MILLIS);
  }

  @Override
  public void processElement(StreamRecord<T> element) throws Exception {
    if (startMicros == 0) {
      // The first file begins; waiting for other ranks and looking at the folder do not count.
      startMicros = WallClock.micros();
    }
    while (outstanding.get() >= 2 * threadCount) {
      mailbox.yield();
    }
    outstanding.incrementAndGet();
    threads.submit(element.getValue());
  }

  private void wake() {
    mailbox.execute(outstanding::decrementAndGet, "files done");
  }

  private void failInMailbox(Throwable failure) {
    // The job is restarted because a worker was lost, not to try a storage again that has failed.
    SuppressRestartsException last = new SuppressRestartsException(failure);
    mailbox.execute(() -> ExceptionUtils.rethrowException(last), "work on a file failed");
  }

  private void emitInterval(boolean last) {
    if (!introduced) {
      introduced = true;
      emit(new RankHello(rank, HostFacts.ofThisHost(), false, List.of(), "", ""));
    }
    long now = WallClock.micros();
    emit(takeInterval(rank, startMicros == 0 ? now : startMicros, now, storage, last));
    requests.take(RequestInterval.NO_PASS).ifPresent(this::emit);
  }

  private void emit(MetricsRecord record) {
    output.collect(new StreamRecord<>(MetricsCodec.encode(record)));
  }

  @Override
  public void endInput() throws Exception {
    while (outstanding.get() > 0) {
      mailbox.yield();
    }
    intervals.cancel(false);
    emitInterval(true);
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
