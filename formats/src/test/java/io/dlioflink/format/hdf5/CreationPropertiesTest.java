/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.format.Encoding;
import io.dlioflink.format.FileSpec;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import io.dlioflink.workload.Hdf5Options;
import io.dlioflink.workload.ParquetOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

class CreationPropertiesTest {

  @Test
  void recordsAreDividedAndALeadingOneIsDropped() {
    assertThat(of(List.of(6, 5), new Hdf5Options(3, List.of(), List.of(), false, 0)).dims())
        .isEqualTo(List.of(4, 2, 5));
    assertThat(of(List.of(6, 5), new Hdf5Options(6, List.of(), List.of(), false, 0)).dims())
        .isEqualTo(List.of(4, 5));
    assertThat(of(List.of(1), Hdf5Options.DEFAULT).dims()).isEqualTo(List.of(4));
  }

  @Test
  void chunksBySizeAreThoseOfTheMlperfBranch() {
    assertThat(
            of(List.of(90, 20), new Hdf5Options(1, List.of(), List.of(), true, 1000)).chunkDims())
        .isEqualTo(List.of(1, 32, 20));
    assertThat(of(List.of(90, 20), Hdf5Options.DEFAULT).chunkDims()).isEmpty();
  }

  @Test
  void whatHdf5CannotBeIsRefusedByTheNameOfItsKey() {
    assertThatThrownBy(() -> of(List.of(7, 5), new Hdf5Options(3, List.of(), List.of(), false, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("num_dset_per_record=3 does not divide");
    assertThatThrownBy(
            () -> of(List.of(7, 5), new Hdf5Options(1, List.of(1, 8, 5), List.of(), false, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("chunk_dims=[1, 8, 5] do not fit datasets of shape [4, 7, 5]");
    assertThatThrownBy(
            () -> of(List.of(7, 5), new Hdf5Options(1, List.of(), List.of(6, 9), false, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("max_shape: a dataset of shape [4, 7, 5] cannot grow to [4, 6, 9]");
    FileSpec huge =
        file(List.of(7, 5), new Hdf5Options(1, List.of(1, 1, 1), List.of(90000, 90000), false, 0));
    assertThatThrownBy(() -> new Hdf5Format().fileLengthBytes(huge))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("make more than 524288 of [4, 90000, 90000]");
  }

  private static CreationProperties of(List<Integer> dims, Hdf5Options options) {
    return CreationProperties.of(file(dims, options));
  }

  private static FileSpec file(List<Integer> dims, Hdf5Options options) {
    Encoding encoding = new Encoding(Compression.NONE, 4, options, ParquetOptions.DEFAULT);
    return new FileSpec(0, dims, ElementType.UINT8, 4, encoding);
  }
}
