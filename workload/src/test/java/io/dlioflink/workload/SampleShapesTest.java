/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Expected sides were drawn with NumPy 2.4. */
class SampleShapesTest {

  @Test
  void unet3dHasDliosSizes() {
    SampleShapes shapes = SampleShapes.of(WorkloadFixture.unet3d());
    assertThat(LongStream.range(0, 6).mapToObj(shapes::dims))
        .containsExactly(
            List.of(15865, 14125),
            List.of(7745, 12083),
            List.of(13860, 10074),
            List.of(12856, 12413),
            List.of(12119, 11614),
            List.of(13329, 15502));
    var bytes = LongStream.range(0, 168).map(shapes::sampleBytes).summaryStatistics();
    assertThat(bytes.getSum()).isEqualTo(25_285_981_919L);
    assertThat(bytes.getMin()).isEqualTo(46_888_650);
    assertThat(bytes.getMax()).isEqualTo(301_601_979);
  }

  @Test
  void cosmoflowHasDliosSizes() {
    SampleShapes shapes = SampleShapes.of(cosmoflow(524288));
    assertThat(shapes.dims(0)).containsExactly(1709, 1696);
    assertThat(shapes.dims(1)).containsExactly(1648, 1680);
    assertThat(shapes.sampleBytes(1)).isEqualTo(2768640);
  }

  @Test
  void sidesAreAtLeastOne() {
    SampleShapes shapes =
        SampleShapes.of(
            WorkloadFixture.workload(
                    "dataset.num_files_train=2000",
                    "dataset.record_length_bytes=100",
                    "dataset.record_length_bytes_stdev=400")
                .dataset());
    assertThat(shapes.dims(2)).containsExactly(22, 1);
    assertThat(LongStream.range(0, 2000).map(shapes::sampleBytes).sum()).isEqualTo(364838);
  }

  @Test
  void withoutSpreadASampleIsASquareOfWholeSides() {
    SampleShapes shapes =
        SampleShapes.of(
            WorkloadFixture.workload(
                    "dataset.record_length_bytes=114660.07", "dataset.record_element_type=float32")
                .dataset());
    assertThat(shapes.dims(7)).containsExactly(338, 338);
    assertThat(shapes.sampleBytes(7)).isEqualTo(4 * 114244);
  }

  @Test
  void recordDimsAreTheShape() {
    SampleShapes shapes =
        SampleShapes.of(
            WorkloadFixture.workload(
                    "dataset.record_dims=[3,5,7]",
                    "dataset.record_element_type=int64",
                    "dataset.num_files_eval=2")
                .dataset());
    assertThat(shapes.files()).isEqualTo(10);
    assertThat(shapes.dims(9)).containsExactly(3, 5, 7);
    assertThat(shapes.sampleBytes(9)).isEqualTo(840);
  }

  @Test
  void filesOutsideTheListAreRejected() {
    SampleShapes shapes = SampleShapes.of(WorkloadFixture.unet3d());
    assertThatThrownBy(() -> shapes.dims(168)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> shapes.sampleBytes(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void blocksOfAHugeDatasetEqualTheWholeOfASmallOne() {
    int compared = 100_000;
    SampleShapes small = SampleShapes.of(cosmoflow(compared));
    SampleShapes huge = SampleShapes.of(cosmoflow(100_000_000));
    Random random = new Random(1);
    for (int i = 0; i < 3000; i++) {
      long file = random.nextInt(compared);
      assertThat(huge.dims(file)).isEqualTo(small.dims(file));
    }
    for (long file = 0; file < compared; file += 1 + random.nextInt(100)) {
      assertThat(huge.sampleBytes(file)).isEqualTo(small.sampleBytes(file));
    }
  }

  @Test
  void jumpsAcrossMoreBlocksThanAreKeptGiveTheSameSizes() {
    long far = (SampleShapes.CACHED_BLOCKS + 3L) * SampleShapes.BLOCK_FILES + 17;
    SampleShapes walked = SampleShapes.of(cosmoflow(100_000_000));
    SampleShapes jumped = SampleShapes.of(cosmoflow(100_000_000));
    long atFar = jumped.sampleBytes(far);
    long atStart = jumped.sampleBytes(5);
    for (long file = 0; file < far; file += SampleShapes.BLOCK_FILES) {
      walked.sampleBytes(file);
    }
    assertThat(walked.sampleBytes(far)).isEqualTo(atFar);
    assertThat(walked.sampleBytes(5)).isEqualTo(atStart);
  }

  @Test
  void aSerializedViewIsSmallAndDrawsTheSameSizes() throws Exception {
    SampleShapes shapes = SampleShapes.of(cosmoflow(524288));
    long expected = shapes.sampleBytes(524287);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(shapes);
    }
    assertThat(bytes.size()).isLessThan(1000);
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(((SampleShapes) in.readObject()).sampleBytes(524287)).isEqualTo(expected);
    }
  }

  @Test
  void severalThreadsSeeTheSameSizes() {
    SampleShapes shapes = SampleShapes.of(cosmoflow(200_000));
    long expected =
        LongStream.range(0, 200_000).map(SampleShapes.of(cosmoflow(200_000))::sampleBytes).sum();
    assertThat(LongStream.range(0, 200_000).parallel().map(shapes::sampleBytes).sum())
        .isEqualTo(expected);
  }

  private static DatasetConfig cosmoflow(int files) {
    return WorkloadFixture.workload(
            "dataset.num_files_train=" + files,
            "dataset.record_length_bytes=2828486",
            "dataset.record_length_bytes_stdev=71311")
        .dataset();
  }
}
