/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DatasetLayoutTest {

  @Test
  void aFlatDatasetNumbersItsFilesWithTheDigitsOfTheCount() {
    DatasetLayout layout = DatasetLayout.of(WorkloadFixture.unet3d());
    assertThat(layout.relativePath(DatasetPart.TRAIN, 0)).isEqualTo("train/img_000_of_168.npz");
    assertThat(layout.relativePath(DatasetPart.TRAIN, 167)).isEqualTo("train/img_167_of_168.npz");
    assertThat(layout.folders(DatasetPart.TRAIN)).containsExactly("train");
  }

  @Test
  void filesAreDealtToTheSubfoldersInTurn() {
    DatasetLayout layout = layout(10, 1000, 10);
    assertThat(layout.folders(DatasetPart.TRAIN)).startsWith("train/00", "train/01").hasSize(10);
    assertThat(layout.relativePath(DatasetPart.TRAIN, 23))
        .isEqualTo("train/03/part_0023_of_1000.tfrecord");
  }

  @Test
  void oneSubfolderIsFlat() {
    DatasetLayout layout = layout(1, 10, 0);
    assertThat(layout.relativePath(DatasetPart.TRAIN, 3)).isEqualTo("train/part_03_of_10.tfrecord");
  }

  @Test
  void evaluationFilesStartAgainAtZeroAndFollowTheTrainingFilesInTheCombinedList() {
    DatasetLayout layout = layout(0, 10, 4);
    assertThat(layout.relativePath(DatasetPart.VALID, 0)).isEqualTo("valid/part_0_of_4.tfrecord");
    assertThat(layout.fileNumber(DatasetPart.TRAIN, 9)).isEqualTo(9);
    assertThat(layout.fileNumber(DatasetPart.VALID, 0)).isEqualTo(10);
    assertThat(layout.fileCount(DatasetPart.VALID)).isEqualTo(4);
    assertThat(layout.totalFiles()).isEqualTo(14);
  }

  @Test
  void theIndexIsFoundFromThePath() {
    for (int subfolders : new int[] {0, 1, 2, 7, 10, 11}) {
      for (int files : new int[] {1, 9, 10, 11, 100, 101}) {
        DatasetLayout layout = layout(subfolders, files, 0);
        Set<String> paths = new HashSet<>();
        for (long index = 0; index < files; index++) {
          String path = layout.relativePath(DatasetPart.TRAIN, index);
          assertThat(paths.add(path)).isTrue();
          assertThat(layout.indexOf(DatasetPart.TRAIN, path)).hasValue(index);
          String folder = path.substring(0, path.lastIndexOf('/'));
          assertThat(layout.folders(DatasetPart.TRAIN)).contains(folder);
        }
      }
    }
  }

  @Test
  void foreignPathsHaveNoIndex() {
    DatasetLayout layout = layout(3, 100, 0);
    for (String path :
        new String[] {
          "",
          "train/part_000_of_100.tfrecord",
          "train/1/part_000_of_100.tfrecord",
          "valid/0/part_000_of_100.tfrecord",
          "train/0/img_000_of_100.tfrecord",
          "train/0/part_000_of_100.npz",
          "train/0/part_00_of_100.tfrecord",
          "train/0/part_0x0_of_100.tfrecord",
          "train/1/part_100_of_100.tfrecord",
          "train/0/part_000_of_100.tfrecord.tmp",
          "_of_100.tfrecord"
        }) {
      assertThat(layout.indexOf(DatasetPart.TRAIN, path)).as(path).isEmpty();
    }
    assertThat(layout.indexOf(DatasetPart.TRAIN, "train/0/part_000_of_100.tfrecord")).hasValue(0);
  }

  @Test
  void indicesOutsideThePartAreRejected() {
    DatasetLayout layout = layout(0, 10, 0);
    assertThatThrownBy(() -> layout.relativePath(DatasetPart.TRAIN, 10))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> layout.fileNumber(DatasetPart.VALID, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static DatasetLayout layout(int subfolders, int train, int eval) {
    return DatasetLayout.of(
        WorkloadFixture.workload(
                "dataset.file_prefix=part",
                "dataset.num_subfolders_train=" + subfolders,
                "dataset.num_files_train=" + train,
                "dataset.num_files_eval=" + eval)
            .dataset());
  }
}
