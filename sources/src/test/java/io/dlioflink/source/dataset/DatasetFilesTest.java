/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class DatasetFilesTest {

  @Test
  void packedNamesComeBackAsTheyWere() {
    List<String> names = List.of("train/a", "train/ä/ö ü", "", "train/😀.npy", "z");

    DatasetFiles.Listed files = new DatasetFiles.Listed(names);

    assertThat(files.count()).isEqualTo(5);
    assertThat(IntStream.range(0, 5).mapToObj(files::relativePath)).isEqualTo(names);
  }

  @Test
  void packedNamesTravel() throws IOException, ClassNotFoundException {
    DatasetFiles files = new DatasetFiles.Listed(List.of("one", "two"));

    DatasetFiles copy =
        InstantiationUtil.deserializeObject(
            InstantiationUtil.serializeObject(files), getClass().getClassLoader());

    assertThat(copy.relativePath(0)).isEqualTo("one");
    assertThat(copy.relativePath(1)).isEqualTo("two");
  }

  @Test
  void noNamesAreNoFiles() {
    assertThat(new DatasetFiles.Listed(List.of()).count()).isZero();
  }

  @Test
  void anIndexBeyondTheLastIsRefused() {
    DatasetFiles files = new DatasetFiles.Listed(List.of("one"));

    assertThatThrownBy(() -> files.relativePath(1))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("1");
  }
}
