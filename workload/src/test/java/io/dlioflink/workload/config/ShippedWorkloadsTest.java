/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.SampleShapes;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.TimeSpec;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The workload files of the distribution. */
class ShippedWorkloadsTest {

  private static final Path FOLDER = Path.of("..", "configs", "workload");

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFileLoadsStrictlyAndItsMinimalFormIsEqual(Path file) throws IOException {
    LoadedWorkload loaded = load(file);
    assertThat(loaded.notices())
        .allSatisfy(
            notice ->
                assertThat(notice.key())
                    .matches(".*_shuffle|checkpoint.fsync|reader.computation_threads"));
    assertThat(Loading.load(WorkloadLoader.minimalYaml(loaded)).workload())
        .isEqualTo(loaded.workload());
    String saved = HydraFiles.of(loaded, "out", "sub").get("config.yaml");
    assertThat(Loading.load(saved, "++workload.output.folder=null").workload())
        .isEqualTo(loaded.workload());
  }

  @ParameterizedTest
  @CsvSource({"unet3d_v100,4,1.3604", "unet3d_a100,7,0.636", "unet3d_h100,7,0.323"})
  void unet3dHasThePublishedFigures(String name, int batchSize, double computationSeconds)
      throws IOException {
    Workload workload = load(FOLDER.resolve(name + ".yaml")).workload();
    assertThat(workload.reader().batchSize()).isEqualTo(batchSize);
    assertThat(workload.train().computationTime())
        .isEqualTo(new TimeSpec.Constant(computationSeconds));
    assertThat(workload.auThreshold()).isEqualTo(0.9);
    assertThat(bytes(workload)).isEqualTo(25_285_981_919L);
  }

  @ParameterizedTest
  @CsvSource({
    "resnet50_h100,400,0.224,0.9,1024,1251,114244",
    "resnet50_a100,400,0.435,0.9,1024,1251,114244",
    "cosmoflow_h100,1,0.00350,0.7,524288,1,2898464",
    "cosmoflow_a100,1,0.00551,0.7,524288,1,2898464",
    "bert_v100,48,0.968,0.9,500,313532,2500",
    "dlrm,1,0.064296,0.9,1,1024,671069025",
    "megatron_deepspeed_LLNL,16,2.44,0.9,1,277203535,2025"
  })
  void theOthersHaveThePublishedFigures(
      String name,
      int batchSize,
      double computationSeconds,
      double au,
      long files,
      int samplesPerFile,
      long firstSampleBytes)
      throws IOException {
    Workload workload = load(FOLDER.resolve(name + ".yaml")).workload();
    assertThat(workload.reader().batchSize()).isEqualTo(batchSize);
    assertThat(workload.train().computationTime())
        .isEqualTo(new TimeSpec.Constant(computationSeconds));
    assertThat(workload.auThreshold()).isEqualTo(au);
    assertThat(workload.dataset().numFilesTrain()).isEqualTo(files);
    assertThat(workload.dataset().numSamplesPerFile()).isEqualTo(samplesPerFile);
    assertThat(SampleShapes.of(workload.dataset()).sampleBytes(0)).isEqualTo(firstSampleBytes);
  }

  @Test
  void quickstartIsSmall() throws IOException {
    Workload workload = load(FOLDER.resolve("quickstart.yaml")).workload();
    assertThat(bytes(workload)).isEqualTo(17_087_590);
    assertThat(StepPlan.of(workload, DatasetPart.TRAIN, 2).steps()).isEqualTo(8);
    assertThat(workload.workflow().generateData()).isTrue();
    assertThat(workload.workflow().train()).isTrue();
  }

  private static long bytes(Workload workload) {
    SampleShapes shapes = SampleShapes.of(workload.dataset());
    return LongStream.range(0, shapes.files()).map(shapes::sampleBytes).sum();
  }

  private static LoadedWorkload load(Path file) throws IOException {
    String source = file.getFileName().toString();
    String text = WorkloadRequest.decodeUtf8(Files.readAllBytes(file), source);
    return WorkloadLoader.load(
        new WorkloadRequest(source, source, text, List.of(), true, OptionalInt.empty()));
  }
}
