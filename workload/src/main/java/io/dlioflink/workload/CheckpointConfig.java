/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;
import java.util.Optional;

/**
 * Section {@code checkpoint}.
 *
 * @param folder path or URI
 * @param checkpointAfterEpoch first epoch with an end-of-epoch checkpoint
 * @param epochsBetweenCheckpoints distance
 * @param stepsBetweenCheckpoints 1 or more: step checkpoints; 0: none; less: epoch checkpoints
 * @param type without effect in DLIO
 * @param mode whole job or subset
 * @param fsync force to stable storage
 * @param recoveryRankShift read what the next node wrote
 * @param rankSync barrier inside the timed region
 * @param timeBetweenCheckpointsSeconds wait before each checkpoint; absolute value
 * @param numCheckpointsWrite checkpoint-only mode
 * @param numCheckpointsRead checkpoint-only mode
 * @param randomizeTensor random or all ones
 * @param mechanismClassnameOrNull null if not set: plug-in
 * @param ksm kernel same-page merging requested
 * @param compression of the files; not DLIO's
 * @param compressionLevel of the codec; 0: its default
 */
public record CheckpointConfig(
    String folder,
    int checkpointAfterEpoch,
    int epochsBetweenCheckpoints,
    int stepsBetweenCheckpoints,
    CheckpointType type,
    CheckpointMode mode,
    boolean fsync,
    boolean recoveryRankShift,
    boolean rankSync,
    double timeBetweenCheckpointsSeconds,
    int numCheckpointsWrite,
    int numCheckpointsRead,
    boolean randomizeTensor,
    String mechanismClassnameOrNull,
    boolean ksm,
    CheckpointCompression compression,
    int compressionLevel)
    implements Serializable {

  /** The plug-in mechanism. */
  public Optional<String> mechanismClassname() {
    return Optional.ofNullable(mechanismClassnameOrNull);
  }
}
