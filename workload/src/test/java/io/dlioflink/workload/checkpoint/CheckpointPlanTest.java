/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.workload.TensorType;
import io.dlioflink.workload.WorkloadFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures are DLIO's: its own functions, or its formulas worked out by hand. */
class CheckpointPlanTest {
  private static final double GIB = 1L << 30;

  private static final List<String> LLAMA_7B =
      model(4096, 11008, 32000, 32, 32, 32, "fp16", "fp32");
  private static final List<String> LLAMA_70B =
      model(8192, 28672, 32000, 64, 64, 80, "fp16", "fp32");
  private static final List<String> LLAMA3_8B =
      model(4096, 14336, 128256, 32, 8, 32, "fp16", "fp32");
  private static final List<String> LLAMA3_70B =
      model(8192, 28672, 128256, 128, 8, 80, "fp16", "fp32");
  private static final List<String> LLAMA3_405B =
      model(16384, 53248, 128256, 128, 8, 126, "fp16", "fp32");
  private static final List<String> LLAMA3_1T =
      model(25872, 98304, 128256, 192, 32, 128, "fp16", "fp32");

  private static List<String> model(
      int hidden,
      int ffn,
      int vocabulary,
      int heads,
      int kvHeads,
      int layers,
      String modelType,
      String optimizerType) {
    return List.of(
        "model.type=transformer",
        "model.transformer.hidden_size=" + hidden,
        "model.transformer.ffn_hidden_size=" + ffn,
        "model.transformer.vocab_size=" + vocabulary,
        "model.transformer.num_attention_heads=" + heads,
        "model.transformer.num_kv_heads=" + kvHeads,
        "model.num_layers=" + layers,
        "model.model_datatype=" + modelType,
        "model.optimizer_datatype=" + optimizerType);
  }

  private static List<String> named(String name) {
    return switch (name) {
      case "7b" -> LLAMA_7B;
      case "70b" -> LLAMA_70B;
      case "8b3" -> LLAMA3_8B;
      case "70b3" -> LLAMA3_70B;
      case "405b3" -> LLAMA3_405B;
      default -> LLAMA3_1T;
    };
  }

  private static CheckpointPlan plan(List<String> model, int ranks, String... more) {
    List<String> overrides = new ArrayList<>(model);
    overrides.addAll(List.of(more));
    return CheckpointPlan.of(WorkloadFixture.workload(overrides.toArray(String[]::new)), ranks);
  }

  private static CheckpointPlan plan(
      String model, int ranks, int tensor, int pipeline, int data, int zero) {
    boolean subset = ranks < tensor * pipeline * data;
    return plan(
        named(model),
        ranks,
        "model.parallelism.tensor=" + tensor,
        "model.parallelism.pipeline=" + pipeline,
        "model.parallelism.data=" + (subset ? data : -1),
        "model.parallelism.zero_stage=" + zero,
        "checkpoint.mode=" + (subset ? "subset" : "default"));
  }

  private static long rankBytes(CheckpointPlan plan, int rank) {
    return plan.files(rank).stream().mapToLong(CheckpointFile::payloadBytes).sum();
  }

  private static String gib(long bytes) {
    return "%.3f".formatted(bytes / GIB);
  }

  @ParameterizedTest(name = "{0} at {1} ranks, TP {2}, PP {3}, DP {4}, ZeRO {5}")
  @CsvSource({
    "7b,    1,    1, 1, 1, 1, 6738415616,    12.551,   75.308,    87.859,    87.859",
    "7b,    4,    1, 1, 4, 1, 6738415616,    12.551,   75.309,    87.860,    31.378",
    "7b,    4,    1, 1, 4, 3, 6738415616,    12.551,   75.309,    87.860,    21.965",
    "7b,    4,    1, 1, 4, 0, 6738415616,    12.551,   75.308,    87.859,    87.859",
    "8b3,   8,    1, 1, 8, 3, 8030261248,    14.958,   89.747,    104.705,   13.088",
    "70b3,  64,   8, 1, 8, 3, 69882617856,   130.184,  781.028,   911.212,   14.238",
    "70b3,  8,    8, 1, 8, 3, 69882617856,   16.273,   97.629,    113.902,   14.238",
    "405b3, 512,  8, 32, 2, 1, 405853388800, 756.015,  4536.234,  5292.249,  12.318",
    "405b3, 8,    8, 32, 2, 1, 405853388800, 27.666,   70.879,    98.545,    12.318",
    "1t,    1024, 8, 64, 2, 1, 1183035102480, 2203.661, 13222.928, 15426.589, 17.965",
    "1t,    8,    8, 64, 2, 1, 1183035102480, 40.420,  103.304,   143.724,   17.965",
  })
  void reportsDliosSizes(
      String model,
      int ranks,
      int tensor,
      int pipeline,
      int data,
      int zero,
      long parameters,
      String modelGib,
      String optimizerGib,
      String totalGib,
      String rankZeroGib) {
    CheckpointPlan plan = plan(model, ranks, tensor, pipeline, data, zero);
    CheckpointSizes sizes = plan.sizes();

    assertThat(plan.parameters()).isEqualTo(parameters);
    assertThat(gib(sizes.dlioModelBytes())).isEqualTo(modelGib);
    assertThat(gib(sizes.dlioOptimizerBytes())).isEqualTo(optimizerGib);
    assertThat(gib(sizes.dlioBytes())).isEqualTo(totalGib);
    assertThat(sizes.payloadBytes()).isEqualTo(sizes.dlioBytes());
    assertThat(gib(rankBytes(plan, 0))).isEqualTo(rankZeroGib);
  }

  /** Exact bytes: ranks x payload of a layer, and ranks x the closed formula of the optimizer. */
  @ParameterizedTest(name = "{0} at {1} ranks")
  @CsvSource({
    "8b3,   8,    1, 1, 8,  3, 16060522496,    96365101056",
    "70b3,  64,   8, 1, 8,  3, 139783700480,   838622871552",
    "405b3, 512,  8, 32, 2, 1, 811764809728,   4870743982080",
    "1t,    1024, 8, 64, 2, 1, 2366163292416,  14198010802176",
  })
  void addsUpToTheByte(
      String model,
      int ranks,
      int tensor,
      int pipeline,
      int data,
      int zero,
      long modelBytes,
      long optimizerBytes) {
    CheckpointSizes sizes = plan(model, ranks, tensor, pipeline, data, zero).sizes();

    assertThat(sizes.dlioModelBytes()).isEqualTo(modelBytes);
    assertThat(sizes.dlioOptimizerBytes()).isEqualTo(optimizerBytes);
  }

  @Test
  void givesRanksOfSmallerStagesLess() {
    CheckpointPlan zero1 = plan("7b", 4, 1, 1, 4, 1);
    assertThat(gib(rankBytes(zero1, 1))).isEqualTo("18.827");
    assertThat(rankBytes(plan("7b", 4, 1, 1, 4, 0), 1)).isZero();

    CheckpointPlan large = plan("405b3", 512, 8, 32, 2, 1);
    assertThat(gib(rankBytes(large, 256))).isEqualTo("8.860");
    assertThat(gib(rankBytes(large, 0))).isEqualTo("12.318");
    assertThat(gib(rankBytes(large, 8))).isEqualTo("11.829");
    assertThat(gib(rankBytes(large, 8 * 30))).isEqualTo("11.087");
    assertThat(gib(rankBytes(large, 8 * 31))).isEqualTo("11.576");

    CheckpointPlan huge = plan("1t", 1024, 8, 64, 2, 1);
    assertThat(gib(rankBytes(huge, 512))).isEqualTo("12.913");
    assertThat(gib(rankBytes(huge, 8))).isEqualTo("17.193");
    assertThat(gib(rankBytes(huge, 511))).isEqualTo("17.966");
  }

  @Test
  void addsUpLlama70bWithPipelineAndZero1() {
    CheckpointPlan plan =
        plan(
            LLAMA3_70B,
            64,
            "model.parallelism.tensor=8",
            "model.parallelism.pipeline=4",
            "model.parallelism.zero_stage=1");

    assertThat(gib(plan.sizes().dlioModelBytes())).isEqualTo("130.184");
    assertThat(gib(plan.sizes().dlioOptimizerBytes())).isEqualTo("781.028");
    assertThat(gib(rankBytes(plan, 32))).isEqualTo("12.204");
    assertThat(gib(rankBytes(plan, 0))).isEqualTo("16.394");
    assertThat(gib(rankBytes(plan, 8))).isEqualTo("16.149");
  }

  @ParameterizedTest(name = "{0}: layer {6}")
  @CsvSource({
    "405b3, 512,  8, 32, 2, 1, 1,   0, 796983296",
    "405b3, 512,  8, 32, 2, 1, 0,   0, 525336576",
    "405b3, 512,  8, 32, 2, 1, 127, 248, 525336576",
    "405b3, 512,  8, 32, 2, 1, 128, 248, 32768",
    "1t,    1024, 8, 64, 2, 1, 1,   0, 2297744064",
    "1t,    1024, 8, 64, 2, 1, 0,   0, 829559808",
    "1t,    1024, 8, 64, 2, 1, 130, 504, 51744",
  })
  void writesALayerPerFileInAPipeline(
      String model,
      int ranks,
      int tensor,
      int pipeline,
      int data,
      int zero,
      int layer,
      int rank,
      long bytes) {
    List<CheckpointFile> files = plan(model, ranks, tensor, pipeline, data, zero).files(rank);

    assertThat(files)
        .filteredOn(file -> file.name().startsWith("layer_" + layer + "-"))
        .singleElement()
        .satisfies(file -> assertThat(file.payloadBytes()).isEqualTo(bytes))
        .satisfies(
            file ->
                assertThat(file.name())
                    .isEqualTo("layer_%d-model_%d_model_states".formatted(layer, rank)));
  }

  @ParameterizedTest(name = "{0}: layer {6}")
  @CsvSource({
    "8b3,  8,  1, 1, 8, 3, 1, 54528000",
    "8b3,  8,  1, 1, 8, 3, 0, 131334144",
    "70b3, 64, 8, 1, 8, 3, 1, 26480640",
    "70b3, 64, 8, 1, 8, 3, 0, 32833536",
  })
  void shardsLayersWithZero3(
      String model,
      int ranks,
      int tensor,
      int pipeline,
      int data,
      int zero,
      String layer,
      long bytes) {
    CheckpointFile file = plan(model, ranks, tensor, pipeline, data, zero).files(0).get(0);

    assertThat(
            file.tensors().stream()
                .filter(tensorOf -> tensorOf.path().get(0).equals(layer))
                .mapToLong(CheckpointTensor::bytes)
                .sum())
        .isEqualTo(bytes);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "8b3,   8,    1, 1, 8,  3, 16",
    "70b3,  64,   8, 1, 8,  3, 128",
    "405b3, 512,  8, 32, 2, 1, 1544",
    "1t,    1024, 8, 64, 2, 1, 2072",
  })
  void countsFiles(
      String model, int ranks, int tensor, int pipeline, int data, int zero, long files) {
    assertThat(plan(model, ranks, tensor, pipeline, data, zero).sizes().files()).isEqualTo(files);
  }

  @Test
  void countsAllRanksForZero2AsDlioDoesAndOnlyOneReplicaAsWritten() {
    CheckpointPlan zero1 = plan("7b", 4, 1, 1, 4, 1);
    CheckpointPlan zero2 = plan("7b", 4, 1, 1, 4, 2);

    assertThat(zero2.sizes().payloadBytes()).isEqualTo(zero1.sizes().payloadBytes());
    assertThat(zero2.sizes().dlioModelBytes()).isEqualTo(4 * zero1.sizes().dlioModelBytes());
    assertThat(zero2.files(0)).extracting(CheckpointFile::name).contains("model_0_model_states");
    assertThat(zero2.files(3))
        .extracting(CheckpointFile::name)
        .containsExactly("zero_pp_rank_3_mp_rank_0_optim_states");
  }

  @Test
  void namesFilesByReplicaAndModelPart() {
    CheckpointPlan plan = plan("70b3", 64, 8, 1, 8, 3);

    assertThat(plan.files(19))
        .extracting(CheckpointFile::name)
        .containsExactly(
            "zero_pp_rank_2_mp_rank_3_model_states", "zero_pp_rank_2_mp_rank_3_optim_states");
    assertThat(CheckpointPlan.folderName(5, 25)).isEqualTo("global_epoch5_step25");
  }

  @Test
  void namesNoFileTwice() {
    for (int zero = 0; zero <= 2; zero++) {
      CheckpointPlan plan =
          plan(
              List.of("model.num_layers=5"),
              12,
              "model.parallelism.tensor=2",
              "model.parallelism.pipeline=3",
              "model.parallelism.zero_stage=" + zero);
      assertThat(
              IntStream.range(0, 12)
                  .boxed()
                  .flatMap(rank -> plan.files(rank).stream())
                  .map(CheckpointFile::name))
          .doesNotHaveDuplicates()
          .hasSize((int) plan.sizes().files());
    }
  }

  @Test
  void writesTheModelStateOfOtherModels() {
    CheckpointPlan plan = plan(List.of(), 4, "model.type=cnn");

    assertThat(plan.files(0)).hasSize(1);
    assertThat(plan.files(0).get(0).name()).isEqualTo("model_states-0");
    assertThat(plan.files(0).get(0).tensors())
        .containsExactly(new CheckpointTensor(List.of("a"), 10240, TensorType.INT8, 0));
    assertThat(plan.files(1)).as("ZeRO 0 has one replica write").isEmpty();
    assertThat(plan.sizes()).isEqualTo(new CheckpointSizes(10240, 0, 10240, 1));
  }

  @Test
  void sharesGivenLayerParametersAndTriplesGivenGroups() {
    CheckpointPlan plan =
        plan(
            List.of(),
            2,
            "model.type=megatron_deepspeed",
            "model.model_size_bytes=0",
            "model.num_layers=4",
            "model.layer_parameters=[100,60]",
            "model.optimization_groups=[7,5]",
            "model.parallelism.tensor=2");
    CheckpointFile layers = plan.files(1).get(0);
    CheckpointFile optimizer = plan.files(1).get(1);

    assertThat(layers.tensors())
        .extracting(CheckpointTensor::label)
        .startsWith("1/0", "1/1", "2/0");
    assertThat(layers.tensors()).hasSize(8);
    assertThat(layers.payloadBytes()).isEqualTo(50 + 30);
    assertThat(optimizer.tensors())
        .extracting(CheckpointTensor::label)
        .containsExactly("0/a", "0/b", "1/a", "1/b", "combined");
    assertThat(optimizer.payloadBytes()).isEqualTo(3 * 12);
    assertThat(plan.sizes().dlioBytes()).as("DLIO counts neither").isZero();
    assertThat(plan.sizes().payloadBytes()).isEqualTo(2 * (80 + 36));
  }

  @Test
  void usesTheDatatypes() {
    CheckpointPlan half = plan(model(64, 128, 100, 4, 4, 2, "bf16", "fp32"), 1);
    CheckpointPlan whole = plan(model(64, 128, 100, 4, 4, 2, "fp64", "uint8"), 1);

    assertThat(half.files(0).get(0).tensors())
        .allSatisfy(tensor -> assertThat(tensor.type()).isEqualTo(TensorType.BF16));
    assertThat(whole.files(0).get(0).payloadBytes())
        .isEqualTo(4 * half.files(0).get(0).payloadBytes());
    assertThat(4 * whole.files(0).get(1).payloadBytes())
        .isEqualTo(half.files(0).get(1).payloadBytes());
  }

  @Test
  void spreadsLayersOverStagesTheFirstOnesTakingTheRest() {
    CheckpointPlan plan =
        plan(
            model(8, 8, 8, 2, 2, 7, "fp16", "fp16"),
            3,
            "model.parallelism.pipeline=3",
            "model.parallelism.zero_stage=1");

    assertThat(LongStream.range(0, 3).mapToObj(rank -> layerNumbers(plan, (int) rank)))
        .containsExactly(List.of(0, 1, 2, 3), List.of(4, 5), List.of(6, 7, 8, 9));
  }

  private static List<Integer> layerNumbers(CheckpointPlan plan, int rank) {
    return plan.files(rank).stream()
        .map(CheckpointFile::name)
        .filter(name -> name.startsWith("layer_"))
        .map(name -> Integer.valueOf(name.substring(6, name.indexOf('-'))))
        .toList();
  }

  @Test
  void refusesRanksThatDoNotFillTheParallelism() {
    assertThatThrownBy(() -> plan(LLAMA3_8B, 6, "model.parallelism.tensor=4"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("6 ranks do not fit tensor 4 x pipeline 1 x data -1");
  }
}
