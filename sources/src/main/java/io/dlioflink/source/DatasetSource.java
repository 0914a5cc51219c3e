/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source;

import io.dlioflink.source.barrier.PortRange;
import io.dlioflink.source.enumerator.DatasetEnumerator;
import io.dlioflink.source.enumerator.DatasetEnumeratorState;
import io.dlioflink.source.enumerator.DatasetEnumeratorStateSerializer;
import io.dlioflink.source.reader.DatasetSourceReader;
import io.dlioflink.source.split.DatasetSplit;
import io.dlioflink.source.split.DatasetSplitSerializer;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.PassSchedule;
import io.dlioflink.workload.Workload;
import java.io.Serializable;
import java.util.List;
import javax.annotation.Nullable;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Enumerates a dataset for a run: which rank works on which samples (training) or files
 * (generation), step by step. Bounded. One subtask is one rank; shares are assigned statically.
 *
 * <pre>{@code
 * DatasetSource source = DatasetSource.forTraining(workload, root, ranks, BarrierEndpoint.DEFAULT);
 * env.fromSource(source, WatermarkStrategy.noWatermarks(), "Dataset").setParallelism(ranks);
 * }</pre>
 */
public final class DatasetSource
    implements Source<SourceSignal, DatasetSplit, DatasetEnumeratorState> {
  private static final long serialVersionUID = 1L;

  private final Settings settings;

  private DatasetSource(Settings settings) {
    this.settings = settings;
  }

  /** What the source works on. */
  public enum Purpose {
    /** Emit file numbers to be written. */
    GENERATE,
    /** Emit file numbers to be checked. */
    VERIFY,
    /** Emit sample ids to be read. */
    TRAIN,
    /** Emit nothing but the start: checkpoints need no dataset, but ranks and their barrier. */
    CHECKPOINT;

    /** Whether file numbers are emitted. */
    public boolean ofFiles() {
      return this == GENERATE || this == VERIFY;
    }
  }

  /**
   * Where the step barrier server may listen.
   *
   * @param address to bind and to advertise; null: loopback if all task managers are on this host,
   *     all interfaces otherwise
   * @param ports to try
   */
  public record BarrierEndpoint(@Nullable String address, PortRange ports) implements Serializable {
    /** Chosen by the enumerator, any port. */
    public static final BarrierEndpoint DEFAULT = new BarrierEndpoint(null, PortRange.ANY);
  }

  /**
   * What enumerator and readers need to know.
   *
   * @param purpose what the dataset is enumerated for
   * @param workload the workload
   * @param root dataset folder, or that of the checkpoints
   * @param ranks subtasks
   * @param endpoint of the step barrier
   */
  public record Settings(
      Purpose purpose, Workload workload, Location root, int ranks, BarrierEndpoint endpoint)
      implements Serializable {

    /** The passes of a training run; none elsewhere. */
    public List<Pass> passes() {
      return purpose == Purpose.TRAIN ? PassSchedule.of(workload, ranks) : List.of();
    }
  }

  /** A source of the files to generate. */
  public static DatasetSource forGeneration(Workload workload, Location root, int ranks) {
    return new DatasetSource(
        new Settings(Purpose.GENERATE, workload, root, ranks, BarrierEndpoint.DEFAULT));
  }

  /** A source of the files to check. */
  public static DatasetSource forVerification(Workload workload, Location root, int ranks) {
    return new DatasetSource(
        new Settings(Purpose.VERIFY, workload, root, ranks, BarrierEndpoint.DEFAULT));
  }

  /** A source of the batches to read. */
  public static DatasetSource forTraining(
      Workload workload, Location root, int ranks, BarrierEndpoint endpoint) {
    return new DatasetSource(new Settings(Purpose.TRAIN, workload, root, ranks, endpoint));
  }

  /** A source that starts ranks for checkpoints in a folder. */
  public static DatasetSource forCheckpoints(
      Workload workload, Location folder, int ranks, BarrierEndpoint endpoint) {
    return new DatasetSource(new Settings(Purpose.CHECKPOINT, workload, folder, ranks, endpoint));
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SplitEnumerator<DatasetSplit, DatasetEnumeratorState> createEnumerator(
      SplitEnumeratorContext<DatasetSplit> context) {
    return DatasetEnumerator.fresh(context, settings);
  }

  @Override
  public SplitEnumerator<DatasetSplit, DatasetEnumeratorState> restoreEnumerator(
      SplitEnumeratorContext<DatasetSplit> context, DatasetEnumeratorState state) {
    return DatasetEnumerator.restored(context, settings, state);
  }

  @Override
  public SourceReader<SourceSignal, DatasetSplit> createReader(SourceReaderContext context) {
    return new DatasetSourceReader(context, settings);
  }

  @Override
  public SimpleVersionedSerializer<DatasetSplit> getSplitSerializer() {
    return new DatasetSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<DatasetEnumeratorState> getEnumeratorCheckpointSerializer() {
    return new DatasetEnumeratorStateSerializer();
  }
}
