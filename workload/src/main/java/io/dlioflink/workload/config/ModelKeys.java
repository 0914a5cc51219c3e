/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static io.dlioflink.workload.config.ValueTypes.TEXT;
import static io.dlioflink.workload.config.ValueTypes.enumOf;
import static io.dlioflink.workload.config.ValueTypes.integer;
import static io.dlioflink.workload.config.ValueTypes.listOf;
import static io.dlioflink.workload.config.ValueTypes.longInteger;

import io.dlioflink.workload.ModelConfig;
import io.dlioflink.workload.TensorType;
import java.util.List;

/** Section model. */
final class ModelKeys {

  private static final String ELEMENT_COUNTS = "a list of integers of 1 or more";

  static final Key<String> NAME =
      Key.of("model.name", TEXT, "default", w -> w.model().name(), "Name in reports.");
  static final Key<String> TYPE =
      Key.of(
          "model.type",
          TEXT,
          "default",
          w -> w.model().type(),
          "transformer leaves the extra model state out of checkpoints; other names say nothing.");
  static final Key<Long> SIZE_BYTES =
      Key.of(
          "model.model_size_bytes",
          longInteger(0),
          10240L,
          w -> w.model().sizeBytes(),
          "Bytes of the model state in a checkpoint unless the type is transformer.");
  static final Key<String> SIZE =
      Key.unread(
          "model.model_size",
          "DLIO does not read this, nor does dlio-flink; model.model_size_bytes sets the size");
  static final Key<TensorType> DATATYPE =
      Key.of(
          "model.model_datatype",
          enumOf(TensorType.class),
          TensorType.FP16,
          w -> w.model().modelDatatype(),
          "Element type of layer tensors.");
  static final Key<TensorType> OPTIMIZER_DATATYPE =
      Key.of(
          "model.optimizer_datatype",
          enumOf(TensorType.class),
          TensorType.FP32,
          w -> w.model().optimizerDatatype(),
          "Element type of optimizer tensors.");
  static final Key<List<Long>> OPTIMIZATION_GROUPS =
      Key.of(
          "model.optimization_groups",
          listOf(longInteger(1), ELEMENT_COUNTS),
          List.of(),
          w -> w.model().optimizationGroups(),
          "Sizes of explicit optimizer tensors, in elements of one byte.");
  static final Key<Integer> NUM_LAYERS =
      Key.of(
          "model.num_layers",
          integer(-1),
          -1,
          w -> w.model().numLayers(),
          "Transformer layers; 0 or less means no layer and optimizer state.");
  static final Key<List<Long>> LAYER_PARAMETERS =
      Key.of(
          "model.layer_parameters",
          listOf(longInteger(1), ELEMENT_COUNTS),
          List.of(),
          w -> w.model().layerParameters(),
          "Sizes of explicit tensors of each layer, in elements of one byte.");

  static final Key<Integer> TENSOR =
      Key.of(
          "model.parallelism.tensor",
          integer(1),
          1,
          w -> w.model().parallelism().tensor(),
          "Ranks that share one layer.");
  static final Key<Integer> PIPELINE =
      Key.of(
          "model.parallelism.pipeline",
          integer(1),
          1,
          w -> w.model().parallelism().pipeline(),
          "Pipeline stages.");
  static final Key<Integer> DATA =
      Key.of(
          "model.parallelism.data",
          integer(-1),
          -1,
          w -> w.model().parallelism().data(),
          "Model replicas; -1 derives them from the number of ranks.");
  static final Key<Integer> ZERO_STAGE =
      Key.of(
          "model.parallelism.zero_stage",
          integer(0, 3),
          0,
          w -> w.model().parallelism().zeroStage(),
          "ZeRO stage.");

  static final Key<Long> HIDDEN_SIZE =
      Key.of(
          "model.transformer.hidden_size",
          longInteger(1),
          2048L,
          w -> w.model().transformer().hiddenSize(),
          "Width of the model.");
  static final Key<Long> FFN_HIDDEN_SIZE =
      Key.of(
          "model.transformer.ffn_hidden_size",
          longInteger(1),
          8192L,
          w -> w.model().transformer().ffnHiddenSize(),
          "Width of the feed-forward layers.");
  static final Key<Long> VOCAB_SIZE =
      Key.of(
          "model.transformer.vocab_size",
          longInteger(1),
          32000L,
          w -> w.model().transformer().vocabSize(),
          "Tokens in the vocabulary.");
  static final Key<Long> ATTENTION_HEADS =
      Key.of(
          "model.transformer.num_attention_heads",
          longInteger(1),
          32L,
          w -> w.model().transformer().numAttentionHeads(),
          "Attention heads.");
  static final Key<Long> KV_HEADS =
      Key.of(
          "model.transformer.num_kv_heads",
          longInteger(1),
          8L,
          w -> w.model().transformer().numKvHeads(),
          "Key and value heads.");

  /** In the order of the documentation. */
  static final List<Key<?>> ALL =
      List.of(
          NAME,
          TYPE,
          SIZE_BYTES,
          SIZE,
          DATATYPE,
          OPTIMIZER_DATATYPE,
          OPTIMIZATION_GROUPS,
          NUM_LAYERS,
          LAYER_PARAMETERS,
          TENSOR,
          PIPELINE,
          DATA,
          ZERO_STAGE,
          HIDDEN_SIZE,
          FFN_HIDDEN_SIZE,
          VOCAB_SIZE,
          ATTENTION_HEADS,
          KV_HEADS);

  private ModelKeys() {}

  static ModelConfig model(Values values) {
    return new ModelConfig(
        values.get(NAME),
        values.get(TYPE),
        values.get(SIZE_BYTES),
        values.get(DATATYPE),
        values.get(OPTIMIZER_DATATYPE),
        values.get(OPTIMIZATION_GROUPS),
        values.get(NUM_LAYERS),
        values.get(LAYER_PARAMETERS),
        new ModelConfig.Parallelism(
            values.get(TENSOR), values.get(PIPELINE), values.get(DATA), values.get(ZERO_STAGE)),
        new ModelConfig.Transformer(
            values.get(HIDDEN_SIZE),
            values.get(FFN_HIDDEN_SIZE),
            values.get(VOCAB_SIZE),
            values.get(ATTENTION_HEADS),
            values.get(KV_HEADS)));
  }
}
