/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static io.dlioflink.workload.config.ValueTypes.BOOL;
import static io.dlioflink.workload.config.ValueTypes.FOLDER;
import static io.dlioflink.workload.config.ValueTypes.OPTIONAL_TEXT;
import static io.dlioflink.workload.config.ValueTypes.enumOf;
import static io.dlioflink.workload.config.ValueTypes.integer;
import static io.dlioflink.workload.config.ValueTypes.number;

import io.dlioflink.workload.CheckpointCompression;
import io.dlioflink.workload.CheckpointConfig;
import io.dlioflink.workload.CheckpointMode;
import io.dlioflink.workload.CheckpointType;
import java.util.List;
import java.util.Optional;

/** Section checkpoint. */
final class CheckpointKeys {

  static final Key<String> CHECKPOINT_FOLDER =
      Key.of(
          "checkpoint.checkpoint_folder",
          FOLDER,
          "./checkpoints",
          w -> w.checkpoint().folder(),
          "Folder of the checkpoints, a path or URI.");
  static final Key<Integer> CHECKPOINT_AFTER_EPOCH =
      Key.of(
          "checkpoint.checkpoint_after_epoch",
          integer(0),
          1,
          w -> w.checkpoint().checkpointAfterEpoch(),
          "First epoch with a checkpoint at its end.");
  static final Key<Integer> EPOCHS_BETWEEN_CHECKPOINTS =
      Key.of(
          "checkpoint.epochs_between_checkpoints",
          integer(1),
          1,
          w -> w.checkpoint().epochsBetweenCheckpoints(),
          "Epochs from one checkpoint to the next.");
  static final Key<Integer> STEPS_BETWEEN_CHECKPOINTS =
      Key.of(
          "checkpoint.steps_between_checkpoints",
          integer(-1),
          -1,
          w -> w.checkpoint().stepsBetweenCheckpoints(),
          "Steps from one checkpoint to the next; 0 means no checkpoints, -1 those of the epochs.");
  static final Key<CheckpointType> TYPE =
      Key.of(
              "checkpoint.type",
              enumOf(CheckpointType.class),
              CheckpointType.RANK_ZERO,
              w -> w.checkpoint().type(),
              "Who writes.")
          .withNotice("DLIO reads this and does not use it; the ZeRO stage decides who writes");
  static final Key<CheckpointMode> MODE =
      Key.of(
          "checkpoint.mode",
          enumOf(CheckpointMode.class),
          CheckpointMode.DEFAULT,
          w -> w.checkpoint().mode(),
          "Whether the ranks are a whole job or the first part of a larger one.");
  static final Key<Boolean> FSYNC =
      Key.of(
              "checkpoint.fsync",
              BOOL,
              false,
              w -> w.checkpoint().fsync(),
              "Force checkpoints to stable storage.")
          .withNotice("DLIO reads this and never acts on it; dlio-flink does");
  static final Key<Boolean> RECOVERY_RANK_SHIFT =
      Key.of(
              "checkpoint.recovery_rank_shift",
              BOOL,
              false,
              w -> w.checkpoint().recoveryRankShift(),
              "Read what the ranks of the next node wrote.")
          .withNotice(
              "DLIO reads this and never acts on it; dlio-flink does if there is more than one"
                  + " node");
  static final Key<Boolean> RANK_SYNC =
      Key.of(
          "checkpoint.rank_sync",
          BOOL,
          false,
          w -> w.checkpoint().rankSync(),
          "Wait for all ranks inside the measured time.");
  static final Key<Double> TIME_BETWEEN_CHECKPOINTS =
      Key.of(
          "checkpoint.time_between_checkpoints",
          number(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
          -1.0,
          w -> w.checkpoint().timeBetweenCheckpointsSeconds(),
          "Seconds to wait before each checkpoint; a negative value counts without its sign.");
  static final Key<Integer> NUM_CHECKPOINTS_WRITE =
      Key.of(
          "checkpoint.num_checkpoints_write",
          integer(-1),
          -1,
          w -> w.checkpoint().numCheckpointsWrite(),
          "Checkpoints to write if nothing is trained.");
  static final Key<Integer> NUM_CHECKPOINTS_READ =
      Key.of(
          "checkpoint.num_checkpoints_read",
          integer(-1),
          -1,
          w -> w.checkpoint().numCheckpointsRead(),
          "Checkpoints to read if nothing is trained.");
  static final Key<Boolean> RANDOMIZE_TENSOR =
      Key.of(
          "checkpoint.randomize_tensor",
          BOOL,
          true,
          w -> w.checkpoint().randomizeTensor(),
          "Random tensors rather than ones.");
  static final Key<Optional<String>> MECHANISM_CLASSNAME =
      Key.of(
          "checkpoint.checkpoint_mechanism_classname",
          OPTIONAL_TEXT,
          Optional.empty(),
          w -> w.checkpoint().mechanismClassname(),
          "Class of a plug-in checkpoint writer.");
  static final Key<Boolean> KSM =
      Key.of(
              "checkpoint.ksm",
              MappingTypes.KSM,
              false,
              w -> w.checkpoint().ksm(),
              "Ask the kernel to merge equal pages of the tensors.")
          .withNotice("dlio-flink keeps no tensors in memory, so there is nothing to merge");
  static final Key<CheckpointCompression> COMPRESSION =
      Key.of(
          "checkpoint.compression",
          enumOf(CheckpointCompression.class),
          CheckpointCompression.NONE,
          w -> w.checkpoint().compression(),
          "Compression of checkpoint files; not DLIO's.");
  static final Key<Integer> COMPRESSION_LEVEL =
      Key.of(
          "checkpoint.compression_level",
          integer(-7, 22),
          0,
          w -> w.checkpoint().compressionLevel(),
          "Level of the codec, 0 for its usual one: zstd -7 to 22, lz4 1 to 17, gzip 1 to 9.");
  static final Key<String> MODEL_SIZE =
      Key.unread(
          "checkpoint.model_size",
          "DLIO does not read this, nor does dlio-flink; model.model_size_bytes sets the size");

  /** In the order of the documentation. */
  static final List<Key<?>> ALL =
      List.of(
          CHECKPOINT_FOLDER,
          CHECKPOINT_AFTER_EPOCH,
          EPOCHS_BETWEEN_CHECKPOINTS,
          STEPS_BETWEEN_CHECKPOINTS,
          TYPE,
          MODE,
          FSYNC,
          RECOVERY_RANK_SHIFT,
          RANK_SYNC,
          TIME_BETWEEN_CHECKPOINTS,
          NUM_CHECKPOINTS_WRITE,
          NUM_CHECKPOINTS_READ,
          RANDOMIZE_TENSOR,
          MECHANISM_CLASSNAME,
          KSM,
          COMPRESSION,
          COMPRESSION_LEVEL,
          MODEL_SIZE);

  private CheckpointKeys() {}

  static CheckpointConfig checkpoint(Values values) {
    return new CheckpointConfig(
        values.get(CHECKPOINT_FOLDER),
        values.get(CHECKPOINT_AFTER_EPOCH),
        values.get(EPOCHS_BETWEEN_CHECKPOINTS),
        values.get(STEPS_BETWEEN_CHECKPOINTS),
        values.get(TYPE),
        values.get(MODE),
        values.get(FSYNC),
        values.get(RECOVERY_RANK_SHIFT),
        values.get(RANK_SYNC),
        values.get(TIME_BETWEEN_CHECKPOINTS),
        values.get(NUM_CHECKPOINTS_WRITE),
        values.get(NUM_CHECKPOINTS_READ),
        values.get(RANDOMIZE_TENSOR),
        values.get(MECHANISM_CLASSNAME).orElse(null),
        values.get(KSM),
        values.get(COMPRESSION),
        values.get(COMPRESSION_LEVEL));
  }
}
