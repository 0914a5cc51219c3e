/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;
import java.util.List;

/**
 * Section {@code model} (reference: DLIO {@code utils/config.py}).
 *
 * @param name report name
 * @param type {@code transformer} suppresses the extra model state file
 * @param sizeBytes {@code model_size_bytes}
 * @param modelDatatype element type of layer tensors
 * @param optimizerDatatype element type of optimizer tensors
 * @param optimizationGroups explicit optimizer tensors, elements
 * @param numLayers transformer layers; 0 or less: none
 * @param layerParameters explicit per-layer tensors, elements
 * @param parallelism model parallelism
 * @param transformer transformer dimensions
 */
public record ModelConfig(
    String name,
    String type,
    long sizeBytes,
    TensorType modelDatatype,
    TensorType optimizerDatatype,
    List<Long> optimizationGroups,
    int numLayers,
    List<Long> layerParameters,
    Parallelism parallelism,
    Transformer transformer)
    implements Serializable {
  public ModelConfig {
    optimizationGroups = List.copyOf(optimizationGroups);
    layerParameters = List.copyOf(layerParameters);
  }

  /**
   * {@code model.parallelism}.
   *
   * @param tensor tensor parallel degree
   * @param pipeline pipeline stages
   * @param data data parallel degree; -1: derived from the ranks
   * @param zeroStage ZeRO stage 0..3
   */
  public record Parallelism(int tensor, int pipeline, int data, int zeroStage)
      implements Serializable {}

  /**
   * {@code model.transformer}.
   *
   * @param hiddenSize model width
   * @param ffnHiddenSize MLP width
   * @param vocabSize tokens
   * @param numAttentionHeads query heads
   * @param numKvHeads key and value heads
   */
  public record Transformer(
      long hiddenSize, long ffnHiddenSize, long vocabSize, long numAttentionHeads, long numKvHeads)
      implements Serializable {}
}
