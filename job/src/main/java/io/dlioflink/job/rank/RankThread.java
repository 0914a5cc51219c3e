/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.rank;

import io.dlioflink.sink.checkpoint.ThreadEnd;
import io.dlioflink.sink.metrics.MetricsCodec;
import io.dlioflink.sink.metrics.MetricsRecord;
import io.dlioflink.source.barrier.BrokenStepBarrierException;
import io.dlioflink.workload.EmulatedWork;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.annotation.Nullable;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.ExceptionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of one rank beside its task's thread, which it never blocks: records and failures
 * reach the task through its mailbox. All methods but {@link #emit} belong to the task's thread.
 */
public final class RankThread {
  private static final Logger LOG = LoggerFactory.getLogger(RankThread.class);

  /** Longer than the rank needs to end the threads it has itself. */
  private static final int STOP_SECONDS = 20;

  private static final long BROKEN_BARRIER_GRACE_MILLIS = 5000;

  /** What the rank does. */
  @FunctionalInterface
  public interface Work {
    /** Works to the end. */
    void run() throws IOException, InterruptedException;
  }

  private final MailboxExecutor mailbox;
  private final Output<StreamRecord<byte[]>> output;
  private @Nullable Thread thread;
  private volatile boolean closing;
  private boolean finished;

  /** Of a task with this mailbox and output. */
  public RankThread(MailboxExecutor mailbox, Output<StreamRecord<byte[]>> output) {
    this.mailbox = mailbox;
    this.output = output;
  }

  /** Starts to work; once. */
  public void start(String name, Work work) {
    thread = new Thread(() -> run(work), name);
    thread.setDaemon(true);
    thread.start();
  }

  private void run(Work work) {
    try {
      work.run();
      mailbox.execute(() -> finished = true, "rank finished");
    } catch (BrokenStepBarrierException e) {
      failUnlessCancelledFirst(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RejectedExecutionException e) {
      LOG.debug("The task has ended before its rank", e);
    } catch (Throwable e) {
      if (!closing) {
        // A run is resumed because a worker was lost, not to try its data or storage again.
        fail(new SuppressRestartsException(e));
      }
    }
  }

  /**
   * Another rank is gone. Its own failure says why and cancels this task; only if nothing is heard
   * of it, this one speaks.
   */
  private void failUnlessCancelledFirst(BrokenStepBarrierException broken) {
    try {
      EmulatedWork.sleep(TimeUnit.MILLISECONDS.toNanos(BROKEN_BARRIER_GRACE_MILLIS));
      fail(broken);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fail(Throwable failure) {
    try {
      mailbox.execute(() -> ExceptionUtils.rethrowException(failure), "rank failed");
    } catch (RejectedExecutionException e) {
      failure.addSuppressed(e);
      LOG.debug("The task has ended before its rank failed", failure);
    }
  }

  /** Hands a record to the task, from the thread of the rank. */
  public void emit(MetricsRecord record) {
    emit(record, () -> {});
  }

  /**
   * The same with something that belongs to the record: no checkpoint of Flink's has one without
   * the other.
   *
   * @param sent runs in the task's thread when the record was sent on
   */
  public void emit(MetricsRecord record, Runnable sent) {
    byte[] encoded = MetricsCodec.encode(record);
    mailbox.execute(
        () -> {
          output.collect(new StreamRecord<>(encoded));
          sent.run();
        },
        "rank record");
  }

  /** Serves the mailbox until the work has ended. */
  public void awaitEnd() throws InterruptedException {
    while (!finished) {
      mailbox.yield();
    }
  }

  /** Interrupts the thread and waits for it. */
  public void close() {
    closing = true;
    if (thread != null) {
      ThreadEnd.await(thread, STOP_SECONDS);
    }
  }
}
