/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.storage.PythonScript;
import io.dlioflink.workload.TensorType;
import io.dlioflink.workload.checkpoint.CheckpointFile;
import io.dlioflink.workload.checkpoint.CheckpointTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checkpoints opened by a stranger. */
class TorchInteropIT {
  private final PythonScript script = new PythonScript("check_torch.py");

  @TempDir Path folder;

  private String check(CheckpointSpec spec) throws Exception {
    script.assumeModule("numpy");
    CheckpointFixture.write(spec, 1, 1);
    return script.run(
        spec.plan().files(0).stream()
            .map(state -> folder.resolve("global_epoch1_step1").resolve(state.name() + ".pt"))
            .map(Path::toString)
            .toArray(String[]::new));
  }

  private static String dtype(TensorType type) {
    return switch (type) {
      case FP16 -> "float16";
      case BF16 -> "bfloat16";
      case FP32 -> "float32";
      case FP64 -> "float64";
      case INT8 -> "int8";
      case UINT8 -> "uint8";
    };
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void everyTensorIsThereWithItsPathTypeAndLength(TensorType type) throws Exception {
    CheckpointSpec spec =
        CheckpointFixture.spec(
            folder,
            1,
            "model.model_datatype=" + type.yamlName(),
            "model.optimizer_datatype=" + type.yamlName());

    List<String> expected = new ArrayList<>();
    for (CheckpointFile state : spec.plan().files(0)) {
      for (CheckpointTensor tensor : state.tensors()) {
        expected.add(
            "%s.pt %s %s %d "
                .formatted(state.name(), tensor.label(), dtype(type), tensor.elements()));
      }
    }
    String output = check(spec);

    assertThat(output.lines()).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(output.lines().skip(i).findFirst().orElseThrow()).startsWith(expected.get(i));
    }
    if (type.floating()) {
      assertThat(output.lines())
          .allSatisfy(
              line -> {
                String[] words = line.split(" ", -1);
                assertThat(Double.parseDouble(words[4])).isBetween(0.0, 0.1);
                assertThat(Double.parseDouble(words[5])).isBetween(0.9, 1.0);
              });
    }
  }

  @Test
  void onesAreOnes() throws Exception {
    assertThat(
            check(CheckpointFixture.spec(folder, 1, "checkpoint.randomize_tensor=false")).lines())
        .allMatch(line -> line.endsWith(" 1.0 1.0"));
  }

  @Test
  void layersWithGivenParametersShareTheirTensors() throws Exception {
    CheckpointSpec spec =
        CheckpointFixture.spec(
            folder,
            1,
            "model.layer_parameters=[1000,77]",
            "model.optimization_groups=[50,60]",
            "model.parallelism.zero_stage=1");

    assertThat(check(spec).lines().map(line -> line.split(" ", -1)[1]))
        .containsExactly("1/0", "1/1", "2/0", "2/1", "0/a", "0/b", "1/a", "1/b", "combined");
  }
}
