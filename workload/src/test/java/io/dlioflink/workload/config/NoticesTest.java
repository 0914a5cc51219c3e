/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static io.dlioflink.workload.config.Loading.notices;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What DLIO does differently from what a file says. */
class NoticesTest {

  private static final String PYTORCH =
      "framework: pytorch\ndataset: {format: npy}\nreader: {data_loader: pytorch}\n";

  @Test
  void keysThatDlioDoesNotReadOrUseAreNoted() {
    assertThat(
            notices(
                """
                workflow: {debug: true}
                model:
                  model_size: 499153191
                dataset:
                  record_length: 4096
                  record_length_stdev: 1
                  record_length_resize: 1
                  chunk_dims: [1]
                  enable_chunking: true
                  chunk_size: 4
                  record_element_bytes: 4
                reader:
                  file_access: multi
                checkpoint:
                  type: all_ranks
                  fsync: true
                  recovery_rank_shift: true
                  model_size: 10
                """))
        .containsExactly(
            "w.yaml:1: workflow.debug: nothing reads this, in DLIO either",
            "w.yaml:3: model.model_size: DLIO does not read this, nor does dlio-flink;"
                + " model.model_size_bytes sets the size",
            "w.yaml:5: dataset.record_length: DLIO does not read this; did you mean"
                + " dataset.record_length_bytes?",
            "w.yaml:6: dataset.record_length_stdev: DLIO does not read this; did you mean"
                + " dataset.record_length_bytes_stdev?",
            "w.yaml:7: dataset.record_length_resize: DLIO does not read this; did you mean"
                + " dataset.record_length_bytes_resize?",
            "w.yaml:8: dataset.chunk_dims: DLIO does not read this; did you mean"
                + " dataset.hdf5.chunk_dims?",
            "w.yaml:9: dataset.enable_chunking: only the MLPerf branch of DLIO uses this; so does"
                + " dlio-flink",
            "w.yaml:10: dataset.chunk_size: only the MLPerf branch of DLIO uses this; so does"
                + " dlio-flink",
            "w.yaml:11: dataset.record_element_bytes: DLIO replaces this by the size of"
                + " record_element_type",
            "w.yaml:13: reader.file_access: DLIO reads this and does not use it",
            "w.yaml:15: checkpoint.type: DLIO reads this and does not use it; the ZeRO stage"
                + " decides who writes",
            "w.yaml:16: checkpoint.fsync: DLIO reads this and never acts on it; dlio-flink does",
            "w.yaml:17: checkpoint.recovery_rank_shift: DLIO reads this and never acts on it;"
                + " dlio-flink does if there is more than one node",
            "w.yaml:18: checkpoint.model_size: DLIO does not read this, nor does dlio-flink;"
                + " model.model_size_bytes sets the size");
  }

  @Test
  void whatThePytorchLoaderIgnoresIsNoted() {
    String honoured =
        "DLIO's pytorch loader ignores this; dlio-flink honours it (reader.sample_order=declared)";
    String ignored = "DLIO's pytorch loader ignores this; so does dlio-flink";
    assertThat(
            notices(
                PYTORCH
                    + "train: {seed: 1, seed_change_epoch: true}\n"
                    + "data_reader:\n  data_loader: pytorch\n  file_shuffle: seed\n"
                    + "  sample_shuffle: seed\n  shuffle_size: 2\n  transfer_size: 4096\n"
                    + "  computation_threads: 2\n"))
        .containsExactly(
            "w.yaml:3: reader: ignored, because the section data_reader (w.yaml:5) wins",
            "w.yaml:4: train.seed: " + honoured,
            "w.yaml:4: train.seed_change_epoch: " + honoured,
            "w.yaml:7: reader.file_shuffle: " + honoured,
            "w.yaml:8: reader.sample_shuffle: " + honoured,
            "w.yaml:9: reader.shuffle_size: " + ignored,
            "w.yaml:10: reader.transfer_size: DLIO's pytorch loader ignores this; dlio-flink reads"
                + " in requests of this size",
            "w.yaml:11: reader.computation_threads: " + ignored);
  }

  @Test
  void withDliosOrderTheShuffleIsIgnoredHereToo() {
    assertThat(notices(PYTORCH, "reader.sample_shuffle=seed", "reader.sample_order=dlio"))
        .containsExactly(
            "override 'reader.sample_shuffle=seed': reader.sample_shuffle: DLIO's pytorch loader"
                + " ignores this; so does dlio-flink (reader.sample_order=dlio)");
  }

  @Test
  void aWrittenOffThatDlioTakesForOnIsNoted() {
    assertThat(notices("reader: {file_shuffle: off}"))
        .containsExactly(
            "w.yaml:1: reader.file_shuffle: DLIO shuffles for any written value, also 'off';"
                + " dlio-flink does what is written");
    assertThat(notices("reader: {read_type: on_demand}"))
        .containsExactly(
            "w.yaml:1: reader.read_type: DLIO keeps files open for any written value, also"
                + " 'on_demand'; dlio-flink does what is written");
  }

  @Test
  void aStepLimitBeyondTheDataIsNoted() {
    assertThat(Loading.load(OptionalInt.of(2), "train: {total_training_steps: 9}").notices())
        .extracting(Problem::toString)
        .containsExactly(
            "w.yaml:1: train.total_training_steps: 9 steps wanted, but the data suffice for 4 steps"
                + " of 2 accelerators; DLIO stops here, dlio-flink runs those");
  }

  @Test
  void defaultsAreNotNoted() {
    assertThat(notices("{}")).isEmpty();
    assertThat(notices(PYTORCH)).isEmpty();
  }
}
