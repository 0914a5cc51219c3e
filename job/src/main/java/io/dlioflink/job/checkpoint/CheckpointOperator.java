/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.checkpoint;

import io.dlioflink.job.rank.RankThread;
import io.dlioflink.sink.checkpoint.CheckpointSpec;
import io.dlioflink.source.RunStart;
import io.dlioflink.source.SourceSignal;
import javax.annotation.Nullable;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Runs the {@link CheckpointRounds} of one rank beside the task's thread. */
public final class CheckpointOperator extends AbstractStreamOperator<byte[]>
    implements OneInputStreamOperator<SourceSignal, byte[]>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  private final CheckpointSpec spec;
  private final transient MailboxExecutor mailbox;

  private transient CheckpointFigures figures;
  private transient @Nullable RankThread thread;

  CheckpointOperator(
      StreamOperatorParameters<byte[]> parameters, MailboxExecutor mailbox, CheckpointSpec spec) {
    super(parameters);
    this.mailbox = mailbox;
    this.spec = spec;
  }

  @Override
  public void open() throws Exception {
    super.open();
    figures = new CheckpointFigures();
    figures.register(getMetricGroup());
  }

  @Override
  public void processElement(StreamRecord<SourceSignal> element) {
    if (element.getValue() instanceof RunStart start) {
      thread = new RankThread(mailbox, output);
      thread.start(
          "checkpoints-" + start.rank(),
          new CheckpointRounds(spec, start, thread::emit, figures)::work);
    }
  }

  @Override
  public void endInput() throws Exception {
    if (thread == null) {
      throw new IllegalStateException("The input ended before the run started");
    }
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
