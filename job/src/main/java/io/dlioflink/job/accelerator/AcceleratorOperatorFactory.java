/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.accelerator;

import io.dlioflink.sink.checkpoint.CheckpointSpec;
import io.dlioflink.sink.metrics.Recording;
import io.dlioflink.source.reader.ReaderSignal;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.Workload;
import java.util.List;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the {@link AcceleratorOperator} of each rank. */
public final class AcceleratorOperatorFactory extends AbstractStreamOperatorFactory<byte[]>
    implements OneInputStreamOperatorFactory<ReaderSignal, byte[]> {
  private static final long serialVersionUID = 1L;

  private final Workload workload;
  private final List<Pass> passes;
  private final CheckpointSpec checkpoints;
  private final Location dataset;
  private final Recording recording;
  private final boolean resumable;

  /**
   * A factory of accelerators.
   *
   * @param checkpoints that are taken on the way
   * @param dataset dataset folder
   * @param recording what they tell of their reads and hosts
   * @param resumable whether the run may be begun again at any pass
   */
  public AcceleratorOperatorFactory(
      Workload workload,
      List<Pass> passes,
      CheckpointSpec checkpoints,
      Location dataset,
      Recording recording,
      boolean resumable) {
    this.workload = workload;
    this.passes = List.copyOf(passes);
    this.checkpoints = checkpoints;
    this.dataset = dataset;
    this.recording = recording;
    this.resumable = resumable;
    this.chainingStrategy = ChainingStrategy.ALWAYS;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T extends StreamOperator<byte[]>> T createStreamOperator(
      StreamOperatorParameters<byte[]> parameters) {
    return (T)
        new AcceleratorOperator(
            parameters,
            parameters.getMailboxExecutor(),
            workload,
            passes,
            checkpoints,
            dataset,
            recording,
            resumable);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return AcceleratorOperator.class;
  }
}
