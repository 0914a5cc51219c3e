/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import io.dlioflink.source.SourceSignal;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.Workload;
import java.util.List;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the {@link SampleReaderOperator} of each rank. */
public final class SampleReaderOperatorFactory extends AbstractStreamOperatorFactory<ReaderSignal>
    implements OneInputStreamOperatorFactory<SourceSignal, ReaderSignal> {
  private static final long serialVersionUID = 1L;

  private final Workload workload;
  private final List<Pass> passes;
  private final Location root;
  private final boolean logReads;

  /**
   * A factory of readers.
   *
   * @param root dataset folder
   * @param logReads whether batches tell how each sample was read
   */
  public SampleReaderOperatorFactory(
      Workload workload, List<Pass> passes, Location root, boolean logReads) {
    this.logReads = logReads;
    this.workload = workload;
    this.passes = List.copyOf(passes);
    this.root = root;
    this.chainingStrategy = ChainingStrategy.ALWAYS;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T extends StreamOperator<ReaderSignal>> T createStreamOperator(
      StreamOperatorParameters<ReaderSignal> parameters) {
    return (T)
        new SampleReaderOperator(
            parameters, parameters.getMailboxExecutor(), workload, passes, root, logReads);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return SampleReaderOperator.class;
  }
}
