/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import io.dlioflink.format.content.TensorContent;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.workload.CheckpointConfig;
import io.dlioflink.workload.Framework;
import io.dlioflink.workload.StorageType;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.checkpoint.CheckpointPlan;
import java.io.Serializable;

/**
 * The checkpoints of a workload.
 *
 * @param workload the workload
 * @param folder of all checkpoints
 * @param ranks running ranks
 */
public record CheckpointSpec(Workload workload, Location folder, int ranks)
    implements Serializable {

  CheckpointConfig config() {
    return workload.checkpoint();
  }

  /** Which files each rank has. */
  public CheckpointPlan plan() {
    return CheckpointPlan.of(workload, ranks);
  }

  /** Where a checkpoint is. */
  public Location location(int epoch, long step) {
    return folder.child(CheckpointPlan.folderName(epoch, step));
  }

  /** Ends a message on files that are missing: what may be the matter with several ranks. */
  String sharingHint() {
    return ranks > 1 && folder.isLocal()
        ? "; with ranks on several hosts, the folder must be shared by all hosts"
        : "";
  }

  StorageOptions storageOptions() {
    return new StorageOptions(workload.storage().clientOptions());
  }

  FileCodec codec() {
    return new FileCodec(config().compression(), config().compressionLevel());
  }

  /** The framework's files; on S3, DLIO gives those of PyTorch another extension. */
  StateFormat format() {
    if (workload.framework() == Framework.TENSORFLOW) {
      return new TensorBundleFormat();
    }
    return new TorchFormat(workload.storage().type() == StorageType.S3 ? "pts3" : "pt");
  }

  long contentSeed() {
    return workload.dataset().content().seed();
  }

  /** What the content of a state of a rank follows from. */
  long contentKey(int epoch, long step, int rank, int state) {
    return TensorContent.key(contentSeed(), epoch, step, rank, state);
  }

  String content() {
    return config().randomizeTensor() ? "random" : "ones";
  }
}
