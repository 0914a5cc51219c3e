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
        .allSatisfy(notice -> assertThat(notice.key()).endsWith("_shuffle"));
    assertThat(Loading.load(WorkloadLoader.minimalYaml(loaded)).workload())
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
