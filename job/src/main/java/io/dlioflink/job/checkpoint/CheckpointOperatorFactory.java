/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.checkpoint;

import io.dlioflink.sink.checkpoint.CheckpointSpec;
import io.dlioflink.source.SourceSignal;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the {@link CheckpointOperator} of each rank. */
public final class CheckpointOperatorFactory extends AbstractStreamOperatorFactory<byte[]>
    implements OneInputStreamOperatorFactory<SourceSignal, byte[]> {
  private static final long serialVersionUID = 1L;

  private final CheckpointSpec spec;

  public CheckpointOperatorFactory(CheckpointSpec spec) {
    this.spec = spec;
    this.chainingStrategy = ChainingStrategy.ALWAYS;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T extends StreamOperator<byte[]>> T createStreamOperator(
      StreamOperatorParameters<byte[]> parameters) {
    return (T) new CheckpointOperator(parameters, parameters.getMailboxExecutor(), spec);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return CheckpointOperator.class;
  }
}
