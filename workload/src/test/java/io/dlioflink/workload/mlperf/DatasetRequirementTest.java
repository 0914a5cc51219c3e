/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlioflink.workload.Workload;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetRequirementTest {

  /** What {@code mlpstorage training datasize} prints. */
  @ParameterizedTest
  @CsvSource({
    "unet3d_h100,64,1,4,2343,14000,14000,1911.4,2",
    "unet3d_h100,128,2,16,9375,56000,56000,7645.8,6",
    "resnet50_a100,64,1,16,2395,2557,2557,341.6,0",
    "cosmoflow_a100,64,1,16,121477,8000,121477,320.0,13"
  })
  void filesAreThoseOfMlpstorage(
      String name,
      long memoryGib,
      int hosts,
      int accelerators,
      long byMemory,
      long bySteps,
      long files,
      double gib,
      long subfolders)
      throws IOException {
    Workload workload = Published.load(name).workload();
    DatasetRequirement required =
        DatasetRequirement.of(
            workload.dataset(),
            workload.reader().batchSize(),
            accelerators,
            Site.planned(hosts, memoryGib << 30, accelerators).memoryBytes());
    assertThat(required.filesByMemory()).isEqualTo(byMemory);
    assertThat(required.filesBySteps()).isEqualTo(bySteps);
    assertThat(required.files()).isEqualTo(files);
    assertThat(required.isByMemory()).isEqualTo(byMemory > bySteps);
    assertThat(required.bytes() / (1L << 30)).isCloseTo(gib, within(0.06));
    assertThat(required.subfolders()).isEqualTo(subfolders);
  }
}
