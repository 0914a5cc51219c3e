/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.checkpoint;

import io.dlioflink.workload.ModelConfig.Transformer;

/**
 * Parameter counts of a decoder-only transformer with grouped-query attention and a gated MLP.
 * Layer 0 is the embedding, 1 to n are transformer layers, n + 1 the head, n + 2 the last norm.
 *
 * <p>Source: DLIO {@code checkpointing/base_checkpointing.py}. All divisions are of integers, one
 * after the other; norms are not divided by the tensor parallelism.
 */
record TransformerSizes(int layers, Transformer shape) {

  private long hidden() {
    return shape.hiddenSize();
  }

  private long queryKeyValue() {
    long keyValueWidth = hidden() / shape.numAttentionHeads() * shape.numKvHeads();
    return hidden() * (hidden() + 2 * keyValueWidth);
  }

  private long embedding() {
    return hidden() * shape.vocabSize();
  }

  private long mlpDown() {
    return hidden() * shape.ffnHiddenSize();
  }

  /** All parameters of the model. */
  long total() {
    if (layers <= 0) {
      return 0;
    }
    long layer = 2 * hidden() + queryKeyValue() + hidden() * hidden() + 3 * mlpDown();
    return 2 * embedding() + layers * layer + hidden();
  }

  /** Elements of the tensors of a layer that one rank holds. */
  long[] layer(int index, int tensorParallel, int shards) {
    long norm = hidden() / shards;
    if (index == layers + 2) {
      return new long[] {norm};
    }
    if (index == 0 || index == layers + 1) {
      return new long[] {embedding() / tensorParallel / shards};
    }
    return new long[] {
      norm,
      queryKeyValue() / tensorParallel / shards,
      hidden() * hidden() / tensorParallel / shards,
      norm,
      2 * mlpDown() / tensorParallel / shards,
      mlpDown() / tensorParallel / shards
    };
  }

  /** Elements of the optimizer tensors of one rank, of which there are as many as shards. */
  long[] optimizer(long shards) {
    long share = total() / shards;
    return share == 0
        ? new long[0]
        : new long[] {share, 5 * hidden(), share, 5 * hidden(), share, 5 * hidden()};
  }
}
