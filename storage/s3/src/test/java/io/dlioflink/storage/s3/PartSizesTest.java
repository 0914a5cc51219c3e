/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.storage.s3.S3Settings.Writing;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartSizesTest {
  private static final long MIB = 1024 * 1024;
  private static final long GIB = 1024 * MIB;

  private static PartSizes growing(long bufferBytes) {
    return new PartSizes(new Writing(OptionalInt.empty(), bufferBytes));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 8",
    "1000, 8",
    "1001, 16",
    "2000, 16",
    "2001, 32",
    "7000, 32",
    "7001, 64",
    "7300, 64",
    "7301, 128",
    "8800, 2048",
    "8801, 4096",
    "10000, 4096"
  })
  void partsGrow(int number, long mib) {
    assertThat(growing(8 * GIB).bytes(number)).isEqualTo(mib * MIB);
  }

  @Test
  void tenThousandPartsMakeTheLargestObject() {
    assertThat(growing(8 * GIB).maxObjectBytes()).isGreaterThanOrEqualTo(5 * 1024 * GIB);
  }

  @Test
  void memoryLimitsTheirGrowth() {
    PartSizes sizes = growing(128 * MIB);
    assertThat(sizes.bytes(PartSizes.MAX_PARTS)).isEqualTo(64 * MIB);
    assertThat(sizes.maxObjectBytes() / GIB).isEqualTo(367);
    assertThat(growing(64 * MIB).maxObjectBytes() / GIB).isEqualTo(273);
    assertThat(growing(16 * MIB).bytes(PartSizes.MAX_PARTS)).isEqualTo(8 * MIB);
  }

  @Test
  void aSizeThatIsSetStays() {
    PartSizes sizes = new PartSizes(new Writing(OptionalInt.of(5 << 20), 128 * MIB));
    assertThat(sizes.bytes(1)).isEqualTo(5 * MIB);
    assertThat(sizes.maxObjectBytes()).isEqualTo(PartSizes.MAX_PARTS * 5 * MIB);
  }
}
