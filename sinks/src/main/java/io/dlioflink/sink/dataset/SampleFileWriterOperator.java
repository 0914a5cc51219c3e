/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

import io.dlioflink.format.SampleFormat;
import io.dlioflink.format.SampleFormats;
import io.dlioflink.sink.metrics.HostFacts;
import io.dlioflink.sink.metrics.MetricsCodec;
import io.dlioflink.sink.metrics.WallClock;
import io.dlioflink.sink.metrics.WriteInterval;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.Storages;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.SampleShapes;
import io.dlioflink.workload.Workload;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicInteger;
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
 * Writes dataset files, by number, on threads of its own. Writing is idempotent: the bytes of a
 * file follow from its number, a file appears complete or not at all, and one that is there with
 * the right size in a folder marked as ours is left as it is. So a restarted job just goes on.
 */
public final class SampleFileWriterOperator extends AbstractStreamOperator<byte[]>
    implements OneInputStreamOperator<WriteRequest, byte[]>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  private static final long INTERVAL_MILLIS = 1000;

  private final Workload workload;
  private final Location root;
  private final int threadCount;
  private final transient MailboxExecutor mailbox;

  private transient @Nullable Storage storage;
  private transient @Nullable FileWriteThreads threads;
  private transient WriteTelemetry telemetry;
  private transient AtomicInteger outstanding;
  private transient long startMicros;
  private transient int rank;
  private transient @Nullable ScheduledFuture<?> intervals;

  SampleFileWriterOperator(
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

  @Override
  public void open() throws Exception {
    super.open();
    DatasetConfig dataset = workload.dataset();
    SampleFormat format = SampleFormats.require(dataset.format());
    rank = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    outstanding = new AtomicInteger();
    telemetry = new WriteTelemetry();
    storage = Storages.open(root, new StorageOptions(workload.storage().options()));
    DatasetFileWriter.Target target =
        new DatasetFileWriter.Target(
            storage, root, DatasetLayout.of(dataset), SampleShapes.of(dataset), dataset);
    threads =
        new FileWriteThreads(
            "sample-writer-" + rank,
            threadCount,
            () -> new DatasetFileWriter(target, format, telemetry),
            this::wake,
            this::failInMailbox);
    registerMetrics(getMetricGroup());
    scheduleInterval();
  }

  private void registerMetrics(MetricGroup group) {
    group.gauge(WriterMetrics.FILES_WRITTEN, (Gauge<Long>) telemetry::filesWritten);
    group.gauge(WriterMetrics.FILES_PRESENT, (Gauge<Long>) telemetry::filesPresent);
    group.gauge(WriterMetrics.BYTES_WRITTEN, (Gauge<Long>) telemetry::bytesWritten);
  }

  @Override
  public void processElement(StreamRecord<WriteRequest> element) throws Exception {
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
    mailbox.execute(outstanding::decrementAndGet, "files written");
  }

  private void failInMailbox(Throwable failure) {
    mailbox.execute(() -> ExceptionUtils.rethrowException(failure), "writing failed");
  }

  private void scheduleInterval() {
    intervals =
        getProcessingTimeService()
            .scheduleAtFixedRate(time -> emitInterval(false), INTERVAL_MILLIS, INTERVAL_MILLIS);
  }

  private void emitInterval(boolean last) {
    WriteTelemetry.Interval interval = telemetry.takeInterval();
    long now = WallClock.micros();
    output.collect(
        new StreamRecord<>(
            MetricsCodec.encode(
                new WriteInterval(
                    rank,
                    HostFacts.nameOfThisHost(),
                    interval.filesWritten(),
                    interval.filesPresent(),
                    interval.bytesWritten(),
                    interval.fileLatency(),
                    startMicros == 0 ? now : startMicros,
                    now,
                    storage.ioCounts(),
                    last))));
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
