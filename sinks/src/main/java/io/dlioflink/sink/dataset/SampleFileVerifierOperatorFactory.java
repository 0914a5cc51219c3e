/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

import io.dlioflink.storage.Location;
import io.dlioflink.workload.Workload;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the {@link SampleFileVerifierOperator} of each subtask. */
public final class SampleFileVerifierOperatorFactory extends AbstractStreamOperatorFactory<byte[]>
    implements OneInputStreamOperatorFactory<FilesToCheck, byte[]> {
  private static final long serialVersionUID = 1L;

  private final Workload workload;
  private final Location root;
  private final int threadCount;

  public SampleFileVerifierOperatorFactory(Workload workload, Location root, int threadCount) {
    this.workload = workload;
    this.root = root;
    this.threadCount = threadCount;
    this.chainingStrategy = ChainingStrategy.ALWAYS;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T extends StreamOperator<byte[]>> T createStreamOperator(
      StreamOperatorParameters<byte[]> parameters) {
    return (T)
        new SampleFileVerifierOperator(
            parameters, parameters.getMailboxExecutor(), workload, root, threadCount);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return SampleFileVerifierOperator.class;
  }
}
