/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.graph;

import io.dlioflink.sink.checkpoint.CheckpointSpec;
import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import io.dlioflink.sink.metrics.Recording;
import io.dlioflink.sink.metrics.RunContext;
import io.dlioflink.source.DatasetSource.BarrierEndpoint;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.workload.Workload;
import java.io.Serializable;
import java.util.List;

/**
 * A run, ready to be turned into jobs: everything relative has been made absolute.
 *
 * @param name workload name
 * @param workload the workload
 * @param phases what the run consists of, in order
 * @param accelerators simulated accelerators, i.e. parallelism
 * @param dataset dataset folder
 * @param checkpoints folder of checkpoints
 * @param output result folder
 * @param barrier where the step barrier may listen
 * @param context how the run came about
 * @param recording what is recorded beside the figures
 * @param resumable whether training goes on when a worker was lost, from the pass it was lost in
 */
public record RunSpec(
    String name,
    Workload workload,
    List<Phase> phases,
    int accelerators,
    Location dataset,
    Location checkpoints,
    Location output,
    BarrierEndpoint barrier,
    RunContext context,
    Recording recording,
    boolean resumable)
    implements Serializable {

  public RunSpec {
    phases = phases.stream().sorted().toList();
  }

  /** What storages are opened with. */
  public StorageOptions storageOptions() {
    return new StorageOptions(workload.storage().clientOptions());
  }

  /** The checkpoints of this run. */
  public CheckpointSpec checkpointSpec() {
    return new CheckpointSpec(workload, checkpoints, accelerators);
  }

  /** The same run, recorded in another way. */
  public RunSpec withRecording(Recording other) {
    return with(context, other, resumable);
  }

  /** The same run with another account of how it came about. */
  public RunSpec withContext(RunContext other) {
    return with(other, recording, resumable);
  }

  /** The same run, to be resumed when a worker is lost. */
  public RunSpec asResumable() {
    return with(context, recording, true);
  }

  private RunSpec with(RunContext otherContext, Recording otherRecording, boolean resumed) {
    return new RunSpec(
        name,
        workload,
        phases,
        accelerators,
        dataset,
        checkpoints,
        output,
        barrier,
        otherContext,
        otherRecording,
        resumed);
  }
}
