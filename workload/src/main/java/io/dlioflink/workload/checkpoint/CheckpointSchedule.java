/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.checkpoint;

import io.dlioflink.workload.CheckpointConfig;
import io.dlioflink.workload.Workload;
import java.io.Serializable;
import java.util.stream.IntStream;

/**
 * When training takes a checkpoint (DLIO {@code main.py}, {@code _train}): every so many steps of
 * each epoch, or after epochs; a distance of 0 steps means never.
 *
 * @param enabled {@code workflow.checkpoint}
 * @param stepsBetween 1 or more: by steps; 0: never; less: by epochs
 * @param firstEpoch first epoch with a checkpoint at its end; 0: never, since DLIO compares for
 *     equality
 * @param epochsBetween distance
 */
public record CheckpointSchedule(
    boolean enabled, int stepsBetween, int firstEpoch, int epochsBetween) implements Serializable {

  /** The schedule of a workload. */
  public static CheckpointSchedule of(Workload workload) {
    CheckpointConfig config = workload.checkpoint();
    return new CheckpointSchedule(
        workload.workflow().checkpoint(),
        config.stepsBetweenCheckpoints(),
        config.checkpointAfterEpoch(),
        config.epochsBetweenCheckpoints());
  }

  /** Whether one follows a step, counted from 1 in its epoch. */
  public boolean afterStep(long step) {
    return enabled && stepsBetween > 0 && step % stepsBetween == 0;
  }

  /** Whether one follows the last step of an epoch, counted from 1. */
  public boolean afterEpoch(int epoch) {
    return enabled
        && stepsBetween < 0
        && firstEpoch > 0
        && epoch >= firstEpoch
        && (epoch - firstEpoch) % epochsBetween == 0;
  }

  /** Checkpoints of a whole training run. */
  public long count(int epochs, long stepsPerEpoch) {
    if (!enabled || stepsPerEpoch == 0) {
      return 0;
    }
    return stepsBetween > 0
        ? epochs * (stepsPerEpoch / stepsBetween)
        : IntStream.rangeClosed(1, epochs).filter(this::afterEpoch).count();
  }
}
