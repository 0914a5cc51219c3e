/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.accelerator;

import io.dlioflink.job.rank.RankThread;
import io.dlioflink.sink.checkpoint.CheckpointSpec;
import io.dlioflink.source.reader.ReaderSignal;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.Workload;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
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
  private final transient MailboxExecutor mailbox;

  private transient LinkedBlockingQueue<ReaderSignal> queue;
  private transient @Nullable RankThread thread;

  AcceleratorOperator(
      StreamOperatorParameters<byte[]> parameters,
      MailboxExecutor mailbox,
      Workload workload,
      List<Pass> passes,
      CheckpointSpec checkpoints) {
    super(parameters);
    this.mailbox = mailbox;
    this.workload = workload;
    this.passes = passes;
    this.checkpoints = checkpoints;
  }

  @Override
  public void open() throws Exception {
    super.open();
    queue = new LinkedBlockingQueue<>();
    AcceleratorFigures figures = new AcceleratorFigures();
    registerMetrics(getMetricGroup(), figures);
    int rank = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    thread = new RankThread(mailbox, output);
    thread.start(
        "accelerator-" + rank,
        records -> new Accelerator(workload, passes, checkpoints, queue, records, figures).work());
  }

  private static void registerMetrics(MetricGroup group, AcceleratorFigures figures) {
    group.gauge(AcceleratorMetrics.EPOCH, (Gauge<Integer>) figures::epoch);
    group.gauge(AcceleratorMetrics.STEP, (Gauge<Long>) figures::step);
    group.gauge(AcceleratorMetrics.STEPS_DONE, (Gauge<Long>) figures::stepsDone);
    group.gauge(AcceleratorMetrics.WAIT_MILLIS, (Gauge<Long>) figures::waitMillis);
    figures.checkpoints().register(group);
    group.gauge(AcceleratorMetrics.AU, (Gauge<Double>) figures::auPercent);
  }

  @Override
  public void processElement(StreamRecord<ReaderSignal> element) {
    queue.add(element.getValue());
  }

  @Override
  public void endInput() throws Exception {
    thread.awaitEnd();
  }

  @Override
  public void close() throws Exception {
    if (thread != null) {
      thread.close();
    }
    super.close();
  }
}
