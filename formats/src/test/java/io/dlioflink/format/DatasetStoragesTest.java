/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.FileFormat;
import io.dlioflink.workload.SampleShapes;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.config.WorkloadLoader;
import io.dlioflink.workload.config.WorkloadRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Datasets where nothing is kept. */
class DatasetStoragesTest {
  private static final Location ROOT = Location.parse("null://run/data");

  private static Workload workload(FileFormat format, String... more) {
    List<String> overrides =
        new ArrayList<>(
            List.of(
                "dataset.format=" + format.yamlName(),
                "dataset.num_files_train=12",
                "dataset.num_files_eval=3",
                "dataset.num_subfolders_train=2",
                "dataset.num_samples_per_file="
                    + (format == FileFormat.JPEG || format == FileFormat.PNG ? 1 : 2),
                "dataset.record_length_bytes=1024"));
    overrides.addAll(List.of(more));
    return WorkloadLoader.load(
            new WorkloadRequest("test", "test.yaml", "{}", overrides, true, OptionalInt.empty()))
        .workload();
  }

  private static List<String> list(Storage storage, Location folder) throws IOException {
    List<String> paths = new ArrayList<>();
    try (StorageListing listing = storage.list(folder)) {
      for (Optional<StorageEntry> next = listing.next(); next.isPresent(); next = listing.next()) {
        paths.add(next.get().location().path());
      }
    }
    return paths;
  }

  static Stream<FileFormat> formats() {
    return SampleFormats.available();
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everySampleOfEveryFormatCanBeDecodedThoughNothingIsStored(FileFormat format)
      throws IOException {
    Workload workload = workload(format);
    ReadSpec spec = ReadSpec.of(workload.dataset());
    DatasetLayout layout = DatasetLayout.of(workload.dataset());
    long sampleBytes =
        SampleFormats.require(format)
            .sampleBytes(FileSpec.of(workload.dataset(), SampleShapes.of(workload.dataset()), 0));
    FileInput input = new FileInput(4096);
    try (Storage storage = DatasetStorages.open(workload, ROOT);
        SampleFileDecoder decoder = SampleFormats.require(format).newDecoder(spec)) {
      for (long file = 0; file < 12; file++) {
        String path = layout.relativePath(DatasetPart.TRAIN, file);
        for (int sample = 0; sample < spec.samplesPerFile(); sample++) {
          input.open(storage, new DatasetFile(ROOT, path));
          assertThat(decoder.decode(input, sample)).isEqualTo(sampleBytes);
          input.close();
        }
      }
      assertThat(storage.ioCounts().readBytes() > 0).isEqualTo(format != FileFormat.SYNTHETIC);
    }
  }

  @Test
  void filesAreListedAndFoundWithTheSizeTheyWouldHave() throws IOException {
    Workload workload = workload(FileFormat.NPZ);
    DatasetLayout layout = DatasetLayout.of(workload.dataset());
    try (Storage storage = DatasetStorages.open(workload, ROOT)) {
      assertThat(list(storage, ROOT.child("train"))).hasSize(12);
      assertThat(list(storage, ROOT.child("valid")))
          .containsExactly(
              "data/" + layout.relativePath(DatasetPart.VALID, 0),
              "data/" + layout.relativePath(DatasetPart.VALID, 1),
              "data/" + layout.relativePath(DatasetPart.VALID, 2));
      assertThat(list(storage, ROOT)).hasSize(15);
      assertThat(storage.stat(ROOT.child(layout.relativePath(DatasetPart.TRAIN, 11))))
          .map(StorageEntry::lengthBytes)
          .hasValue(SampleFormats.uniformLengthBytes(workload.dataset()).orElseThrow());
      assertThat(storage.stat(ROOT.child("train/stranger.npz"))).isEmpty();
      assertThatThrownBy(() -> storage.openReader(ROOT.child("train/stranger.npz")))
          .isInstanceOf(StorageException.class)
          .hasMessage("Nothing is kept here: null://run/data/train/stranger.npz");
    }
  }

  @Test
  void whatIsWrittenIsNotRead() throws IOException {
    Workload workload = workload(FileFormat.SYNTHETIC);
    Location file =
        ROOT.child(DatasetLayout.of(workload.dataset()).relativePath(DatasetPart.TRAIN, 7));
    try (Storage storage = DatasetStorages.open(workload, ROOT)) {
      try (StorageWriter writer = storage.openWriter(file)) {
        writer.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        writer.commit();
      }

      ByteBuffer found = ByteBuffer.allocate(8);
      assertThat(storage.openReader(file).read(0, found)).isEqualTo(1);
      assertThat(found.get(0)).isEqualTo((byte) '7');
      assertThat(storage.openReader(file).read(1, found)).isEqualTo(-1);
    }
  }

  @Test
  void drawnSizesAreRefusedUnlessNoFileHoldsASample() throws IOException {
    String drawn = "dataset.record_length_bytes_stdev=100";

    assertThatThrownBy(() -> DatasetStorages.open(workload(FileFormat.NPY, drawn), ROOT))
        .isInstanceOf(StorageException.class)
        .hasMessageStartingWith("Files of different sizes cannot be derived; set dataset.record");
    DatasetStorages.open(workload(FileFormat.SYNTHETIC, drawn), ROOT).close();
  }

  @Test
  void aFileTooLargeForMemoryIsRefused() {
    Workload workload = workload(FileFormat.NPZ, "dataset.record_length_bytes=200000000");

    assertThatThrownBy(() -> DatasetStorages.open(workload, ROOT))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("would be held in memory, at most 268435456 are");
  }

  @Test
  void equalDatasetsShareTheirBytes() throws IOException {
    EncodedFile one = EncodedFile.first(workload(FileFormat.NPY).dataset(), ROOT);

    assertThat(EncodedFile.first(workload(FileFormat.NPY).dataset(), ROOT)).isSameAs(one);
    assertThat(EncodedFile.first(workload(FileFormat.NPZ).dataset(), ROOT)).isNotSameAs(one);
  }
}
