/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.storage.PythonScript;
import io.dlioflink.workload.checkpoint.CheckpointFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TensorFlow's checkpoints read by TensorFlow. */
class TensorBundleInteropIT {
  private final PythonScript script = new PythonScript("check_tensor_bundle.py");

  @TempDir Path folder;

  @Test
  void everyTensorIsReadByTensorFlow() throws Exception {
    script.assumeModule("tensorflow");
    CheckpointSpec spec =
        CheckpointFixture.spec(folder, 1, "framework=tensorflow", "model.model_datatype=bf16");
    CheckpointFixture.write(spec, 1, 1);
    CheckpointFile layers = spec.plan().files(0).get(0);
    CheckpointFile optimizer = spec.plan().files(0).get(1);
    Path checkpoint = folder.resolve("global_epoch1_step1");

    List<String> lines =
        script
            .run(checkpoint.toString(), layers.name() + ".pb-1", optimizer.name() + ".pb-1")
            .lines()
            .toList();

    assertThat(lines)
        .contains("latest " + checkpoint + "/" + optimizer.name() + ".pb-1")
        .contains(
            "tensor %s.pb-1 1/1/.ATTRIBUTES/VARIABLE_VALUE bfloat16 %d"
                .formatted(layers.name(), layers.tensors().get(2).elements()))
        .contains(
            "tensor %s.pb-1 0/.ATTRIBUTES/VARIABLE_VALUE float32 %d"
                .formatted(optimizer.name(), optimizer.tensors().get(0).elements()));
    assertThat(lines.stream().filter(line -> line.startsWith("tensor ")))
        .hasSize(layers.tensors().size() + optimizer.tensors().size());
  }
}
