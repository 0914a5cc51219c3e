/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RankCheckpointsTest {
  private static final String MODEL_0 = "zero_pp_rank_0_mp_rank_0_model_states.pt";

  @TempDir Path folder;

  private Path file(String name) {
    return folder.resolve("global_epoch1_step1").resolve(name);
  }

  private static void flip(Path file, long offset) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, offset);
      one.put(0, (byte) (one.get(0) ^ 0x10));
      channel.write(one.rewind(), offset);
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("global_epoch1_step1"))) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whatAllRanksWroteEachReadsBack() throws IOException {
    CheckpointSpec spec = CheckpointFixture.spec(folder, 3);
    List<FileTransfer> written = CheckpointFixture.write(spec, 1, 1);

    List<FileTransfer> read = new ArrayList<>();
    for (int rank = 0; rank < 3; rank++) {
      read.addAll(CheckpointFixture.read(spec, rank, 1, 1));
    }

    assertThat(files())
        .contains(".dlio-flink-checkpoint.json", ".dlio-flink-rank-2.json", MODEL_0)
        .hasSize(6 + 3 + 1);
    assertThat(written.stream().mapToLong(FileTransfer::payloadBytes).sum())
        .isEqualTo(spec.plan().sizes().payloadBytes());
    assertThat(read).hasSize(6).allMatch(FileTransfer::checked);
    assertThat(read.stream().mapToLong(FileTransfer::storedBytes).sum())
        .isEqualTo(written.stream().mapToLong(FileTransfer::storedBytes).sum());
  }

  @Test
  void anArchiveIsReadByTheJdkAndItsTensorsAreAligned() throws IOException {
    CheckpointFixture.write(CheckpointFixture.spec(folder, 1), 1, 1);

    try (ZipFile zip = new ZipFile(file(MODEL_0).toFile())) {
      int tensors = 0;
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        try (InputStream in = zip.getInputStream(entry)) {
          assertThat(in.readAllBytes()).as(entry.getName()).hasSize((int) entry.getSize());
        }
        tensors += entry.getName().startsWith("archive/data/") ? 1 : 0;
      }
      assertThat(tensors).isEqualTo(1 + 2 * 6 + 1 + 1);
      assertThat(zip.getEntry("archive/data.pkl")).isNotNull();
    }
  }

  @Test
  void bytesBelongToSeedEpochStepAndRank() throws IOException {
    CheckpointSpec spec = CheckpointFixture.spec(folder, 2);
    CheckpointFixture.write(spec, 1, 1);
    byte[] first = Files.readAllBytes(file(MODEL_0));
    byte[] otherRank = Files.readAllBytes(file("zero_pp_rank_1_mp_rank_0_model_states.pt"));
    CheckpointFixture.write(spec, 1, 1);
    CheckpointFixture.write(spec, 1, 2);

    assertThat(Files.readAllBytes(file(MODEL_0))).isEqualTo(first).isNotEqualTo(otherRank);
    assertThat(Files.readAllBytes(folder.resolve("global_epoch1_step2").resolve(MODEL_0)))
        .hasSameSizeAs(first)
        .isNotEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({"zstd, .zst", "lz4, .lz4", "gzip, .gz"})
  void compressedFilesAreReadBackAndHaveTheToolsSuffix(String compression, String suffix)
      throws IOException {
    CheckpointSpec spec =
        CheckpointFixture.spec(
            folder,
            2,
            "checkpoint.compression=" + compression,
            "checkpoint.randomize_tensor=false");
    List<FileTransfer> written = CheckpointFixture.write(spec, 1, 1);

    List<FileTransfer> read = CheckpointFixture.read(spec, 1, 1, 1);

    assertThat(files()).contains(MODEL_0 + suffix);
    assertThat(read).hasSize(2).allMatch(FileTransfer::checked);
    assertThat(written)
        .allSatisfy(file -> assertThat(file.storedBytes()).isLessThan(file.rawBytes() / 3));
    assertThat(Files.size(file(MODEL_0 + suffix))).isEqualTo(written.get(0).storedBytes());

    flip(file(MODEL_0 + suffix), Files.size(file(MODEL_0 + suffix)) / 2);
    assertThatThrownBy(() -> CheckpointFixture.read(spec, 0, 1, 1))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining(MODEL_0 + suffix);
  }

  @Test
  void aDamagedByteIsFoundAndNamed() throws IOException {
    CheckpointSpec spec = CheckpointFixture.spec(folder, 1);
    CheckpointFixture.write(spec, 1, 1);
    long offset = Files.size(file(MODEL_0)) / 2;
    flip(file(MODEL_0), offset);

    assertThatThrownBy(() -> CheckpointFixture.read(spec, 0, 1, 1))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining(MODEL_0 + " at byte " + offset + ": byte ")
        .hasMessageContaining("of tensor ");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 40})
  void aDamagedHeaderIsFoundToo(long offset) throws IOException {
    CheckpointSpec spec = CheckpointFixture.spec(folder, 1);
    CheckpointFixture.write(spec, 1, 1);
    flip(file(MODEL_0), offset);

    assertThatThrownBy(() -> CheckpointFixture.read(spec, 0, 1, 1))
        .hasMessageContaining("at byte " + offset + ": the header of data.pkl: CRC-32 is ");
  }

  @Test
  void aFileThatIsCutIsFound() throws IOException {
    CheckpointSpec spec = CheckpointFixture.spec(folder, 1);
    CheckpointFixture.write(spec, 1, 1);
    long length = Files.size(file(MODEL_0));
    try (FileChannel channel = FileChannel.open(file(MODEL_0), StandardOpenOption.WRITE)) {
      channel.truncate(length - 1);
    }

    assertThatThrownBy(() -> CheckpointFixture.read(spec, 0, 1, 1))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining(
            "found %d bytes holding %1$d, written were %d".formatted(length - 1, length));
  }

  @Test
  void anUnfinishedCheckpointIsRefused() throws IOException {
    CheckpointSpec spec = CheckpointFixture.spec(folder, 1);
    try (RankCheckpoints checkpoints = new RankCheckpoints(spec, 0)) {
      checkpoints.prepare(1, 1);
      checkpoints.write(1, 1, transfer -> {});
    }

    assertThatThrownBy(() -> CheckpointFixture.read(spec, 0, 1, 1))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            folder
                + "/global_epoch1_step1 is not complete: it has no .dlio-flink-checkpoint.json;"
                + " whoever wrote it did not finish");
  }

  @Test
  void writingAgainMakesACheckpointIncompleteFirst() throws IOException {
    CheckpointSpec spec = CheckpointFixture.spec(folder, 2);
    CheckpointFixture.write(spec, 1, 1);
    try (RankCheckpoints checkpoints = new RankCheckpoints(spec, 1)) {
      checkpoints.prepare(1, 1);
    }

    assertThatThrownBy(() -> CheckpointFixture.read(spec, 1, 1, 1))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(".dlio-flink-rank-1.json does not fit .dlio-flink-checkpoint.json");
    try (RankCheckpoints checkpoints = new RankCheckpoints(spec, 0)) {
      assertThatThrownBy(() -> checkpoints.complete(1, 1))
          .hasMessageEndingWith(
              "rank 1 has not written its files; with ranks on several hosts, the folder must be"
                  + " shared by all hosts");
    }
  }

  @Test
  void aCheckpointOfAnotherShapeIsRefused() throws IOException {
    CheckpointFixture.write(CheckpointFixture.spec(folder, 2), 1, 1);

    CheckpointSpec more = CheckpointFixture.spec(folder, 3);
    assertThatThrownBy(() -> CheckpointFixture.read(more, 0, 1, 1))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("is of epoch 1, step 1 and 2 ranks; expected epoch 1, step 1 and 3");
    CheckpointSpec larger = CheckpointFixture.spec(folder, 2, "model.num_layers=3");
    assertThatThrownBy(() -> CheckpointFixture.read(larger, 0, 1, 1))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("bytes of tensors; the workload has");
  }

  @Test
  void filesWithoutAManifestAreCheckedByTheirOwnCrc() throws IOException {
    CheckpointSpec spec = CheckpointFixture.spec(folder, 1);
    CheckpointFixture.write(spec, 1, 1);
    Files.delete(file(".dlio-flink-checkpoint.json"));
    Files.delete(file(".dlio-flink-rank-0.json"));

    try (RankCheckpoints checkpoints = new RankCheckpoints(spec, 0)) {
      List<FileTransfer> read = new ArrayList<>();
      assertThat(checkpoints.read(1, 1, 0, read::add))
          .singleElement()
          .asString()
          .endsWith(
              "was not written by dlio-flink: structure and CRC-32 of its files were checked, not"
                  + " their content");
      assertThat(read).hasSize(2).allMatch(FileTransfer::checked);

      flip(file(MODEL_0), Files.size(file(MODEL_0)) / 2);
      assertThatThrownBy(() -> checkpoints.read(1, 1, 0, read::add))
          .isInstanceOf(BrokenFileException.class)
          .hasMessageContaining("member archive/data/")
          .hasMessageContaining("has CRC-32");
    }
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    CheckpointSpec spec = CheckpointFixture.spec(folder, 1);
    CheckpointFixture.write(spec, 1, 1);
    Files.delete(file(MODEL_0));

    assertThatThrownBy(() -> CheckpointFixture.read(spec, 0, 1, 1))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(MODEL_0);
  }

  @Test
  void missingCheckpointsAreNamedBeforeTheFirstIsRead() throws IOException {
    CheckpointSpec spec = CheckpointFixture.spec(folder, 1);
    CheckpointFixture.write(spec, 1, 1);
    CheckpointFixture.write(spec, 1, 3);

    try (RankCheckpoints checkpoints = new RankCheckpoints(spec, 0)) {
      assertThatThrownBy(() -> checkpoints.requireCheckpoints(3))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(
              "3 checkpoints are to be read (checkpoint.num_checkpoints_read), 2 are in "
                  + folder
                  + "; missing: global_epoch1_step2");
      checkpoints.requireCheckpoints(1);
    }
  }

  @Test
  void tensorflowGetsABundleAndItsManifest() throws IOException {
    CheckpointSpec spec = CheckpointFixture.spec(folder, 1, "framework=tensorflow");
    CheckpointFixture.write(spec, 1, 1);

    assertThat(files())
        .contains(
            "checkpoint",
            "zero_pp_rank_0_mp_rank_0_model_states.pb-1.data-00000-of-00001",
            "zero_pp_rank_0_mp_rank_0_model_states.pb-1.index");
    assertThat(Files.size(file("zero_pp_rank_0_mp_rank_0_model_states.pb-1.data-00000-of-00001")))
        .isEqualTo(spec.plan().files(0).get(0).payloadBytes());
    assertThat(CheckpointFixture.read(spec, 0, 1, 1)).hasSize(4);

    flip(file("zero_pp_rank_0_mp_rank_0_model_states.pb-1.index"), 3);
    assertThatThrownBy(() -> CheckpointFixture.read(spec, 0, 1, 1))
        .hasMessageContaining("at byte 3: the index of tensors: CRC-32 is ");
  }

  @Test
  void ranksWithoutStateTakePart() throws IOException {
    CheckpointSpec spec = CheckpointFixture.spec(folder, 2, "model.parallelism.zero_stage=0");
    CheckpointFixture.write(spec, 1, 1);

    assertThat(CheckpointFixture.read(spec, 1, 1, 1)).isEmpty();
    assertThat(CheckpointFixture.read(spec, 0, 1, 1)).hasSize(2);
  }
}
