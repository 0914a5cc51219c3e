/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.checkpoint;

import io.dlioflink.workload.ModelConfig.Parallelism;

/**
 * Where a rank stands in the job (DLIO {@code checkpointing/base_checkpointing.py}).
 *
 * @param tensor which slice of each layer
 * @param pipeline which pipeline stage
 * @param model which part of the model: tensor and pipeline together
 * @param data which replica of the model
 */
public record RankCoordinates(int tensor, int pipeline, int model, int data) {

  /** The coordinates of a rank; tensor slices are neighbours, then stages, then replicas. */
  public static RankCoordinates of(int rank, Parallelism parallelism) {
    int modelParts = parallelism.tensor() * parallelism.pipeline();
    return new RankCoordinates(
        rank % parallelism.tensor(),
        rank / parallelism.tensor() % parallelism.pipeline(),
        rank % modelParts,
        rank / modelParts);
  }
}
