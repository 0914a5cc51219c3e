/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static io.dlioflink.workload.config.Loading.errors;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CrossChecksTest {

  @Test
  void aLoaderMustFitTheFramework() {
    assertThat(errors("framework: pytorch\nreader:\n  data_loader: tensorflow\n"))
        .containsExactly(
            "w.yaml:3: reader.data_loader: 'tensorflow' does not go with framework pytorch");
    assertThat(errors("dataset: {format: npz}\nreader: {data_loader: pytorch}\n"))
        .containsExactly(
            "w.yaml:2: reader.data_loader: 'pytorch' does not go with framework tensorflow");
  }

  @Test
  void theDefaultLoaderIsNotComparedAsInDlio() {
    assertThat(errors("framework: pytorch\n")).isEmpty();
  }

  @Test
  void pytorchDoesNotReadTfrecord() {
    assertThat(errors("framework: pytorch\nreader: {data_loader: pytorch}\n"))
        .containsExactly(
            "w.yaml:2: dataset.format: 'tfrecord' cannot be read with reader.data_loader pytorch");
  }

  @Test
  void aShuffleBufferThatIsUsedHasALimit() {
    String huge = "reader: {shuffle_size: 67108865, sample_shuffle: seed, sample_order: %s}\n";
    assertThat(errors(huge.formatted("dlio")))
        .containsExactly(
            "w.yaml:1: reader.shuffle_size: 67108865 needs 512 MiB for each accelerator; with"
                + " sample_order dlio 67108864 is the most");
    assertThat(errors(huge.formatted("declared"))).isEmpty();
  }

  @Test
  void otherFormatsOnObjectStoresAreNoted() {
    assertThat(Loading.notices("storage: {storage_type: s3}\ndataset: {format: hdf5}\n"))
        .containsExactly("w.yaml:2: dataset.format: DLIO has only npz and npy on s3, not hdf5");
    assertThat(Loading.notices("storage: {storage_type: s3}\ndataset: {format: npy}\n")).isEmpty();
  }

  @Test
  void pluginLoadersNeedAClassAndASampler() {
    assertThat(errors("reader: {data_loader_classname: a.B}"))
        .containsExactly(
            "w.yaml:1: reader.data_loader_classname: a plug-in loader needs"
                + " reader.data_loader_sampler");
    assertThat(errors("reader: {data_loader: custom}"))
        .containsExactly(
            "w.yaml:1: reader.data_loader: 'custom' needs reader.data_loader_classname");
  }

  @Test
  void aFixedShapeExcludesSomeSettings() {
    assertThat(errors("dataset: {record_dims: [4], record_length_bytes_stdev: 3}"))
        .containsExactly(
            "w.yaml:1: dataset.record_dims: a fixed shape does not go with"
                + " dataset.record_length_bytes_stdev above 0");
    assertThat(errors("dataset: {record_dims: [4, 4, 3], format: png}"))
        .containsExactly(
            "w.yaml:1: dataset.record_dims: 3 dimension(s); png takes 2, rows and columns");
    assertThat(errors("dataset: {record_dims: [5], hdf5: {num_dset_per_record: 2}}"))
        .containsExactly(
            "w.yaml:1: dataset.record_dims: the first dimension 5 is not a multiple of"
                + " dataset.hdf5.num_dset_per_record 2");
    assertThat(errors("dataset: {record_dims: [2000000000, 2000000000]}"))
        .containsExactly("w.yaml:1: dataset.record_dims: a sample of more than 2^50 bytes");
  }

  @Test
  void filePrefixesAreNames() {
    assertThat(errors("dataset: {file_prefix: a/b}"))
        .containsExactly("w.yaml:1: dataset.file_prefix: a file name cannot contain '/' or NUL");
  }

  @Test
  void checkpointsMustExistToBeRead() {
    assertThat(errors("checkpoint: {num_checkpoints_write: 2, num_checkpoints_read: 3}"))
        .containsExactly(
            "w.yaml:1: checkpoint.num_checkpoints_read: 3 checkpoints to read, but only 2 are"
                + " written");
    assertThat(errors("checkpoint:\n  ksm:\n"))
        .containsExactly(
            "w.yaml:2: checkpoint.ksm: merging equal pages needs checkpoint.randomize_tensor:"
                + " false");
    assertThat(errors("checkpoint: {ksm: {await_time: 10}, randomize_tensor: false}")).isEmpty();
  }

  @Test
  void levelMustBeOneOfTheCodec() {
    assertThat(errors("checkpoint: {compression: lz4, compression_level: 18}"))
        .containsExactly("w.yaml:1: checkpoint.compression_level: level 18, but lz4 has 1 to 17");
    assertThat(errors("checkpoint: {compression_level: 3}"))
        .containsExactly(
            "w.yaml:1: checkpoint.compression_level: level 3 without checkpoint.compression");
    assertThat(errors("checkpoint: {compression: zstd, compression_level: -5}")).isEmpty();
  }

  @Test
  void parallelismMustAddUp() {
    assertThat(errors("model: {num_layers: 2, parallelism: {pipeline: 4}}"))
        .containsExactly("w.yaml:1: model.num_layers: 2 layers cannot fill 4 pipeline stages");
    assertThat(errors("model: {parallelism: {pipeline: 4, zero_stage: 3}}"))
        .containsExactly(
            "w.yaml:1: model.parallelism.zero_stage: ZeRO stage 3 does not go with 4 pipeline"
                + " stages");
    assertThat(errors("model: {parallelism: {data: 2}}"))
        .containsExactly(
            "w.yaml:1: model.parallelism.data: 2 needs checkpoint.mode: subset; in mode default it"
                + " follows from the ranks");
    assertThat(errors("checkpoint: {mode: subset}"))
        .containsExactly(
            "w.yaml:1: model.parallelism.data: checkpoint.mode subset needs the number of"
                + " replicas, 1 or more");
  }

  @Test
  void rulesAboutRanksWaitForTheirNumber() {
    String yaml = "model: {parallelism: {tensor: 2}}\nworkflow: {train: false}\n";
    assertThat(errors(yaml)).isEmpty();
    assertThat(errors(OptionalInt.of(4), yaml)).isEmpty();
    assertThat(errors(OptionalInt.of(3), yaml))
        .containsExactly(
            "w.yaml:1: model.parallelism.tensor: 3 accelerators are not a multiple of tensor 2 x"
                + " pipeline 1");
    assertThat(
            errors(
                OptionalInt.of(8),
                "checkpoint: {mode: subset}\nmodel: {parallelism: {tensor: 2, data: 2}}\n"))
        .containsExactly(
            "w.yaml:2: model.parallelism.data: 8 accelerators, but the whole job has only tensor 2"
                + " x pipeline 1 x data 2");
  }

  @Test
  void thereMustBeDataForOneStep() {
    assertThat(errors(OptionalInt.of(3), "reader: {batch_size: 3}"))
        .containsExactly(
            "w.yaml:1: dataset.num_files_train: not enough data for one step: 8 samples, but 3"
                + " accelerators take 9 in a step");
    assertThat(errors(OptionalInt.of(2), "reader: {batch_size: 3}")).isEmpty();
  }

  @Test
  void seedsMustLastForAllEpochs() {
    assertThat(errors("train: {seed: 4294967290, epochs: 10}"))
        .containsExactly(
            "w.yaml:1: train.seed: seed 4294967290 plus 10 epochs exceeds the largest seed"
                + " 4294967295");
    assertThat(errors("train: {seed: 4294967290, epochs: 10, seed_change_epoch: false}")).isEmpty();
  }

  @Test
  void aRuleIsSilentAboutAKeyThatIsBadAlready() {
    assertThat(errors("framework: pytorch\nreader: {data_loader: tensorfow}\n")).hasSize(1);
  }
}
