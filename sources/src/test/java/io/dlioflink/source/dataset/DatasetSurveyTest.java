/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.source.SourceFixture;
import io.dlioflink.storage.Storage;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetSurveyTest {
  @TempDir private Path temporary;
  private Path root;

  @BeforeEach
  void chooseFolder() {
    root = temporary.resolve("data set");
  }

  private static Workload workload(int files, String... overrides) {
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("dataset.num_files_train=" + files);
    return SourceFixture.workload(all.toArray(String[]::new));
  }

  private DatasetFacts survey(Workload workload) throws IOException {
    return survey(workload, DatasetSurvey.FULL_CHECK_FILES);
  }

  private DatasetFacts survey(Workload workload, int fullCheckFiles, DatasetPart... parts)
      throws IOException {
    try (Storage storage = SourceFixture.storage(root)) {
      return new DatasetSurvey(
              storage, SourceFixture.location(root), workload.dataset(), fullCheckFiles)
          .survey(parts.length == 0 ? EnumSet.of(DatasetPart.TRAIN) : EnumSet.of(parts[0], parts));
    }
  }

  private Path file(Workload workload, long index) {
    return root.resolve(
        DatasetLayout.of(workload.dataset()).relativePath(DatasetPart.TRAIN, index));
  }

  private static void resize(Path file, long bytes) throws IOException {
    try (RandomAccessFile resized = new RandomAccessFile(file.toFile(), "rw")) {
      resized.setLength(bytes);
    }
  }

  private static List<String> names(DatasetFacts facts) {
    DatasetFiles files = facts.files().get(DatasetPart.TRAIN);
    return LongStream.range(0, files.count()).mapToObj(files::relativePath).toList();
  }

  @Test
  void aCompleteDatasetIsDerivedWithoutNotices() throws IOException {
    Workload workload = workload(12, "dataset.num_files_eval=3", "dataset.num_subfolders_train=4");
    SourceFixture.write(workload, DatasetPart.TRAIN, root);
    SourceFixture.write(workload, DatasetPart.VALID, root);

    DatasetFacts facts = survey(workload, 1000, DatasetPart.TRAIN, DatasetPart.VALID);

    assertThat(facts.notices()).isEmpty();
    assertThat(facts.derivedSizes()).isTrue();
    assertThat(facts.files())
        .containsOnlyKeys(DatasetPart.TRAIN, DatasetPart.VALID)
        .allSatisfy(
            (part, files) -> {
              assertThat(files).isInstanceOf(DatasetFiles.Derived.class);
              assertThat(files.description()).isEqualTo("derived from the layout");
              assertThat(files.count()).isEqualTo(workload.dataset().numFiles(part));
            });
    assertThat(facts.files().get(DatasetPart.TRAIN).relativePath(5))
        .isEqualTo("train/1/img_05_of_12.npy");
  }

  @Test
  void aPartThatIsNotReadIsNotLookedAt() throws IOException {
    Workload workload = workload(2, "dataset.num_files_eval=3");
    SourceFixture.write(workload, DatasetPart.TRAIN, root);

    assertThat(survey(workload).files()).containsOnlyKeys(DatasetPart.TRAIN);
  }

  @Test
  void aMissingFolderIsNamed() {
    Workload workload = workload(168);

    assertThatThrownBy(() -> survey(workload))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "The dataset folder %s/train does not exist; 168 npy files are expected in it"
                .formatted(root));
  }

  @Test
  void missingFilesAreCountedAndTheFirstIsNamed() throws IOException {
    Workload workload = workload(10);
    SourceFixture.write(workload, DatasetPart.TRAIN, root);
    Files.delete(file(workload, 9));
    Files.delete(file(workload, 4));

    assertThatThrownBy(() -> survey(workload))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "%s/train holds 8 of the 10 npy files that dataset.num_files_train asks for; the first one missing is train/img_04_of_10.npy"
                .formatted(root));
  }

  @Test
  void aTruncatedFileIsNamedWithBothSizes() throws IOException {
    Workload workload = workload(5);
    SourceFixture.write(workload, DatasetPart.TRAIN, root);
    long expected = SourceFixture.fileBytes(workload, DatasetPart.TRAIN, 3);
    resize(file(workload, 3), 17);

    assertThatThrownBy(() -> survey(workload))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "1 of 5 checked files in %s/train have the wrong size: %s has 17 bytes, expected %d"
                .formatted(root, file(workload, 3), expected));
  }

  @Test
  void ofManyWrongSizesOnlySomeAreNamed() throws IOException {
    Workload workload = workload(9);
    SourceFixture.write(workload, DatasetPart.TRAIN, root);
    for (int index = 0; index < 8; index++) {
      resize(file(workload, index), 1);
    }

    assertThatThrownBy(() -> survey(workload))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith("8 of 9 checked files in " + root + "/train have the wrong size: ")
        .hasMessageEndingWith("; ...");
  }

  @Test
  void sizesThatAreAllForeignAreNoticedAndTakenAsTheyAre() throws IOException {
    Workload workload = workload(3);
    SourceFixture.write(workload, DatasetPart.TRAIN, root);
    for (int index = 0; index < 3; index++) {
      resize(file(workload, index), 5000);
    }

    DatasetFacts facts = survey(workload);

    assertThat(facts.derivedSizes()).isFalse();
    assertThat(facts.notices())
        .singleElement()
        .asString()
        .startsWith("No file in " + root + "/train has the size this workload would generate (")
        .endsWith("): the bytes to be read are not known beforehand")
        .contains("has 5000 bytes, expected");
    assertThat(names(facts)).hasSize(3);
  }

  @Test
  void filesBeyondTheWorkloadAreNoticedAndNotRead() throws IOException {
    Workload workload = workload(3);
    SourceFixture.write(workload, DatasetPart.TRAIN, root);
    SourceFixture.write(workload, DatasetPart.TRAIN, 0, root.resolve("train/more.npy"));
    Files.writeString(root.resolve("train/README"), "no data");

    DatasetFacts facts = survey(workload);

    assertThat(facts.notices())
        .containsExactly(
            "%s/train holds 1 more npy files than the 3 of this workload; they are not read"
                .formatted(root));
    assertThat(facts.derivedSizes()).isTrue();
    assertThat(names(facts)).hasSize(3).doesNotContain("train/more.npy");
  }

  @Test
  void foreignNamesAreListedInTheOrderOfTheirPaths() throws IOException {
    Workload workload = workload(4);
    for (String name : List.of("b.npy", "a.npy", "Z.npy", "übung.npy", "\uff5e.npy", "😀.npy")) {
      SourceFixture.write(workload, DatasetPart.TRAIN, 0, root.resolve("train/" + name));
    }

    DatasetFacts facts = survey(workload(6));

    assertThat(names(facts))
        .containsExactly(
            "train/Z.npy",
            "train/a.npy",
            "train/b.npy",
            "train/übung.npy",
            "train/\uff5e.npy",
            "train/😀.npy");
    assertThat(facts.derivedSizes()).isFalse();
    assertThat(facts.files().get(DatasetPart.TRAIN).description()).isEqualTo("listed");
    assertThat(names(survey(workload)))
        .containsExactly("train/Z.npy", "train/a.npy", "train/b.npy", "train/übung.npy");
    assertThat(survey(workload).notices())
        .containsExactly(
            "The names in %s/train are not those of a dataset of 4 files: of its 6 files the first 4 by name are read, sizes are taken as found"
                .formatted(root));
  }

  @Test
  void namesInSubFoldersAreSortedByBaseNameThenByPath() throws IOException {
    Workload workload = workload(5, "dataset.num_subfolders_train=3");
    for (String name : List.of("2/a.npy", "0/c.npy", "1/a.npy", "1/b.npy", "0/a.npy")) {
      SourceFixture.write(workload, DatasetPart.TRAIN, 0, root.resolve("train/" + name));
    }

    assertThat(names(survey(workload)))
        .containsExactly(
            "train/0/a.npy", "train/1/a.npy", "train/2/a.npy", "train/1/b.npy", "train/0/c.npy");
  }

  @Test
  void aLargerDatasetServesASmallerWorkloadByItsNames() throws IOException {
    SourceFixture.write(workload(20), DatasetPart.TRAIN, root);

    assertThat(names(survey(workload(10))))
        .hasSize(10)
        .startsWith("train/img_00_of_20.npy")
        .endsWith("train/img_09_of_20.npy");
  }

  @Test
  void aLargeDatasetIsOnlySpotChecked() throws IOException {
    Workload workload = workload(30);
    SourceFixture.write(workload, DatasetPart.TRAIN, root);
    Files.writeString(root.resolve("train/more.npy"), "not looked at");

    DatasetFacts facts = survey(workload, 29);

    assertThat(facts.notices()).isEmpty();
    assertThat(facts.derivedSizes()).isTrue();
    assertThat(facts.files().get(DatasetPart.TRAIN)).isInstanceOf(DatasetFiles.Derived.class);
  }

  @Test
  void aSpotCheckThatMissesAFileLooksAtAll() throws IOException {
    Workload workload = workload(30);
    SourceFixture.write(workload, DatasetPart.TRAIN, root);
    Files.delete(file(workload, 29));

    assertThatThrownBy(() -> survey(workload, 10))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "%s/train holds 29 of the 30 npy files that dataset.num_files_train asks for; the first one missing is train/img_29_of_30.npy"
                .formatted(root));
  }

  @Test
  void aSpotCheckSeesWrongSizes() throws IOException {
    Workload workload = workload(30);
    SourceFixture.write(workload, DatasetPart.TRAIN, root);
    resize(file(workload, 0), 3);

    assertThatThrownBy(() -> survey(workload, 10))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("checked files in %s/train have the wrong size", root)
        .hasMessageContaining(file(workload, 0) + " has 3 bytes, expected");
  }

  @Test
  void sizesOfCompressedFilesAreNotKnownBeforehand() throws IOException {
    Workload workload = workload(3, "dataset.format=npz", "dataset.compression=zip");
    SourceFixture.write(workload, DatasetPart.TRAIN, root);

    DatasetFacts facts = survey(workload);

    assertThat(facts.notices()).isEmpty();
    assertThat(facts.derivedSizes()).isFalse();
  }

  @Test
  void aSmallerNumberOfFilesThanAskedForIsFoundInAnEmptyFolderToo() throws IOException {
    Files.createDirectories(root.resolve("train"));

    assertThatThrownBy(() -> survey(workload(2)))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "%s/train holds 0 of the 2 npy files that dataset.num_files_train asks for; the first one missing is train/img_0_of_2.npy"
                .formatted(root));
  }
}
