/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.accelerator;

import io.dlioflink.job.rank.RankThread;
import io.dlioflink.sink.checkpoint.CheckpointSpec;
import io.dlioflink.sink.metrics.MetricsCodec;
import io.dlioflink.sink.metrics.MetricsRecord;
import io.dlioflink.sink.metrics.PassResult;
import io.dlioflink.sink.metrics.Recording;
import io.dlioflink.source.RankProgress;
import io.dlioflink.source.reader.RankStart;
import io.dlioflink.source.reader.ReaderSignal;
import io.dlioflink.source.reader.SampleRead;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.Workload;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import javax.annotation.Nullable;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Runs the {@link Accelerator} of one rank beside the task's thread and emits its records. Its
 * queue is bounded by the prefetch places of the reader in front of it, so the task's thread never
 * blocks.
 */
public final class AcceleratorOperator extends AbstractStreamOperator<byte[]>
    implements OneInputStreamOperator<ReaderSignal, byte[]>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  private final Workload workload;
  private final List<Pass> passes;
  private final CheckpointSpec checkpoints;
  private final Location dataset;
  private final Recording recording;
  private final boolean resumable;
  private final transient MailboxExecutor mailbox;

  private transient LinkedBlockingQueue<ReaderSignal> queue;
  private transient @Nullable RankThread thread;
  private transient Accelerator accelerator;
  private transient RankProgress progress;
  private transient @Nullable HostObserver host;
  private transient @Nullable ScheduledFuture<?> samples;

  AcceleratorOperator(
      StreamOperatorParameters<byte[]> parameters,
      MailboxExecutor mailbox,
      Workload workload,
      List<Pass> passes,
      CheckpointSpec checkpoints,
      Location dataset,
      Recording recording,
      boolean resumable) {
    super(parameters);
    this.mailbox = mailbox;
    this.workload = workload;
    this.passes = passes;
    this.checkpoints = checkpoints;
    this.dataset = dataset;
    this.recording = recording;
    this.resumable = resumable;
  }

  @Override
  public void open() throws Exception {
    super.open();
    queue = new LinkedBlockingQueue<>();
    AcceleratorFigures figures = new AcceleratorFigures();
    int rank = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    host = HostObserver.appoint(job(), rank, workload, dataset, recording);
    thread = new RankThread(mailbox, output);
    accelerator =
        new Accelerator(
            workload,
            passes,
            checkpoints,
            resumable,
            queue,
            this::emitFromThread,
            figures,
            new Accelerator.Observation(
                host, recording, (reads, epoch) -> logFromThread(rank, epoch, reads)));
    registerMetrics(getMetricGroup(), figures);
    int ranks = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
    long sampleMillis = ReportInterval.of(ranks).toMillis();
    samples =
        getProcessingTimeService()
            .scheduleAtFixedRate(time -> sample(), sampleMillis, sampleMillis);
    thread.start("accelerator-" + rank, accelerator::work);
  }

  private static void registerMetrics(MetricGroup group, AcceleratorFigures figures) {
    group.gauge(AcceleratorMetrics.EPOCH, (Gauge<Integer>) figures::epoch);
    group.gauge(AcceleratorMetrics.STEP, (Gauge<Long>) figures::step);
    group.gauge(AcceleratorMetrics.STEPS_DONE, (Gauge<Long>) figures::stepsDone);
    group.gauge(AcceleratorMetrics.WAIT_MILLIS, (Gauge<Long>) figures::waitMillis);
    figures.checkpoints().register(group);
    group.gauge(AcceleratorMetrics.AU, (Gauge<Double>) figures::auPercent);
  }

  private String job() {
    return getRuntimeContext().getJobInfo().getJobId().toString();
  }

  private void sample() {
    if (recording.timeSeries()) {
      accelerator.sample().ifPresent(this::emit);
    }
    if (host != null) {
      emit(host.interval());
    }
  }

  private void emit(MetricsRecord record) {
    output.collect(new StreamRecord<>(MetricsCodec.encode(record)));
  }

  /** The task's thread makes the text: the accelerator's has a step to go on with. */
  private void logFromThread(int rank, int epoch, List<SampleRead> reads) {
    mailbox.execute(
        () ->
            output.collect(AccessLog.TAG, new StreamRecord<>(AccessLog.lines(rank, epoch, reads))),
        "access log");
  }

  private void emitFromThread(MetricsRecord record) {
    if (record instanceof PassResult ended) {
      thread.emit(record, () -> progress.passEnded(ended.pass()));
    } else {
      thread.emit(record);
    }
  }

  @Override
  public void processElement(StreamRecord<ReaderSignal> element) {
    if (element.getValue() instanceof RankStart started) {
      progress = started.run().progress();
    }
    queue.add(element.getValue());
  }

  @Override
  public void endInput() throws Exception {
    thread.awaitEnd();
    samples.cancel(false);
    sample();
  }

  @Override
  public void close() throws Exception {
    if (host != null) {
      HostObserver.dismiss(job(), getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
    }
    if (thread != null) {
      thread.close();
    }
    super.close();
  }
}
