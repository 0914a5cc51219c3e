/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static io.dlioflink.workload.config.Loading.errors;
import static io.dlioflink.workload.config.Loading.load;
import static io.dlioflink.workload.config.Loading.notices;
import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.workload.DataLoader;
import io.dlioflink.workload.ReaderConfig;
import io.dlioflink.workload.Shuffle;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What other programs say about a framework's loader becomes a setting of the reader. */
class FrameworkBlocksTest {
  private static final String PYTORCH = "framework: pytorch\ndataset: {format: npz}\n";
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  @Test
  void aPytorchBlockSetsTheReader() {
    LoadedWorkload loaded =
        load(
            PYTORCH
                + """
                pytorch_config:
                  batch_size: 7
                  num_workers: 4
                  prefetch_factor: 3
                  shuffle: true
                  pin_memory: false
                  persistent_workers: true
                  drop_last: true
                  seed: 42
                """);
    ReaderConfig reader = loaded.workload().reader();
    assertThat(reader.dataLoader()).isEqualTo(DataLoader.PYTORCH);
    assertThat(reader.batchSize()).isEqualTo(7);
    assertThat(reader.readThreads()).isEqualTo(4);
    assertThat(reader.prefetchSize()).isEqualTo(12);
    assertThat(reader.sampleShuffle()).isEqualTo(Shuffle.SEED);
    assertThat(reader.pinMemory()).isFalse();
    assertThat(loaded.workload().train().seed()).isEqualTo(42);
    assertThat(origin(loaded, "reader.read_threads")).isEqualTo("w.yaml:5");
    assertThat(origin(loaded, "reader.prefetch_size")).isEqualTo("w.yaml:6");
    assertThat(origin(loaded, "train.seed")).isEqualTo("w.yaml:11");
    assertThat(origin(loaded, "reader.batch_size_eval")).isEqualTo("default");
  }

  @Test
  void aTensorflowProfileSetsTheReader() {
    ReaderConfig reader =
        load("""
        framework_profiles:
          tensorflow:
            num_parallel_calls: 3
            prefetch_buffer_size: 5
            shuffle_buffer_size: 99
            deterministic: false
            reshuffle_each_iteration: false
        """)
            .workload()
            .reader();
    assertThat(reader.dataLoader()).isEqualTo(DataLoader.TENSORFLOW);
    assertThat(reader.readThreads()).isEqualTo(3);
    assertThat(reader.prefetchSize()).isEqualTo(5);
    assertThat(reader.shuffleSize()).isEqualTo(99);
    assertThat(reader.ordered()).isFalse();
    assertThat(
            load("tensorflow_config: {reshuffle_each_iteration: false}")
                .workload()
                .train()
                .seedChangeEpoch())
        .isFalse();
  }

  @Test
  void minusOneIsTheNumberOfProcessors() {
    String yaml = "tensorflow_config: {num_parallel_calls: -1, prefetch_buffer_size: -1}";
    ReaderConfig reader = load(yaml).workload().reader();
    assertThat(reader.readThreads()).isEqualTo(PROCESSORS);
    assertThat(reader.prefetchSize()).isEqualTo(PROCESSORS);
    assertThat(notices(yaml))
        .containsExactly(
            "w.yaml:1: tensorflow_config.num_parallel_calls: -1 is taken for the %d processors of"
                    .formatted(PROCESSORS)
                + " this host",
            "w.yaml:1: tensorflow_config.prefetch_buffer_size: -1 is taken for the %d processors of"
                    .formatted(PROCESSORS)
                + " this host");
  }

  @Test
  void minusOneGivesWayToANumber() {
    String yaml = "reader: {read_threads: 3}\ntensorflow_config: {num_workers: -1}\n";
    assertThat(load(yaml).workload().reader().readThreads()).isEqualTo(3);
    assertThat(notices(yaml))
        .containsExactly(
            "w.yaml:2: tensorflow_config.num_workers: -1 gives way to reader.read_threads: 3"
                + " (w.yaml:1)");
    String blocks =
        """
        tensorflow_config: {num_workers: -1}
        framework_profiles: {tensorflow: {num_parallel_calls: 5}}
        """;
    assertThat(load(blocks).workload().reader().readThreads()).isEqualTo(5);
    assertThat(notices(blocks))
        .containsExactly(
            "w.yaml:1: tensorflow_config.num_workers: -1 gives way to"
                + " framework_profiles.tensorflow.num_parallel_calls: 5 (w.yaml:2)");
  }

  @Test
  void theOrderOfBlocksDoesNotMatter() {
    String factor = "{prefetch_factor: 2}";
    String workers = "{num_workers: 6}";
    for (String yaml :
        List.of(
            "tensorflow_config: %s\nframework_profiles: {tensorflow: %s}\n"
                .formatted(factor, workers),
            "tensorflow_config: %s\nframework_profiles: {tensorflow: %s}\n"
                .formatted(workers, factor))) {
      assertThat(load(yaml).workload().reader().prefetchSize()).isEqualTo(12);
    }
  }

  @Test
  void onlyTheFrameworkInUseCounts() {
    String yaml = PYTORCH + "tensorflow_config: {batch_size: 9}\njax_config: {batch_size: 8}\n";
    assertThat(load(yaml).workload().reader().batchSize()).isEqualTo(1);
    assertThat(notices(yaml))
        .containsExactly(
            "w.yaml:3: tensorflow_config: ignored, because framework is pytorch",
            "w.yaml:4: jax_config: ignored, because framework is pytorch");
  }

  @Test
  void aContradictionNamesBothPlaces() {
    assertThat(
            errors(
                PYTORCH
                    + "reader: {data_loader: pytorch, read_threads: 8}\n"
                    + "pytorch_config: {num_workers: 4}\n"))
        .containsExactly(
            "w.yaml:4: pytorch_config.num_workers: 4 contradicts"
                + " reader.read_threads: 8 (w.yaml:3); leave one out");
    assertThat(errors("tensorflow_config: {num_workers: 2, num_parallel_calls: 3}"))
        .containsExactly(
            "w.yaml:1: tensorflow_config.num_parallel_calls: 3 contradicts"
                + " tensorflow_config.num_workers: 2 (w.yaml:1); leave one out");
    assertThat(errors("reader: {sample_shuffle: seed}\ntensorflow_config: {shuffle: false}"))
        .containsExactly(
            "w.yaml:2: tensorflow_config.shuffle: false contradicts"
                + " reader.sample_shuffle: seed (w.yaml:1); leave one out");
  }

  @Test
  void whatAgreesMayBeSaidTwice() {
    String yaml =
        """
        reader: {sample_shuffle: random, read_threads: 2}
        tensorflow_config: {shuffle: true, num_workers: 2}
        framework_profiles: {tensorflow: {num_workers: 2}}
        """;
    assertThat(load(yaml).workload().reader().sampleShuffle()).isEqualTo(Shuffle.RANDOM);
    assertThat(notices(yaml)).isEmpty();
  }

  @Test
  void theCommandLineWinsOverTheFile() {
    String yaml = "tensorflow_config: {num_workers: 4}";
    String override = "++workload.reader.read_threads=8";
    LoadedWorkload loaded = load(yaml, override);
    assertThat(loaded.workload().reader().readThreads()).isEqualTo(8);
    assertThat(notices(yaml, override))
        .containsExactly(
            "w.yaml:1: tensorflow_config.num_workers: 4 against"
                + " reader.read_threads: 8 (override '++workload.reader.read_threads=8'); the"
                + " command line wins");
    assertThat(
            load("reader: {read_threads: 4}", "workload.tensorflow_config.num_workers=9")
                .workload()
                .reader()
                .readThreads())
        .isEqualTo(9);
  }

  @Test
  void whatHasNoMeaningHereIsNoted() {
    assertThat(notices("tensorflow_config: {drop_remainder: false, persistent_workers: false}"))
        .containsExactly(
            "w.yaml:1: tensorflow_config.persistent_workers: false has no effect: read threads live"
                + " as long as the run",
            "w.yaml:1: tensorflow_config.drop_remainder: false has no effect: a short last batch is"
                + " dropped, as DLIO does");
  }

  @Test
  void badAndUnknownKeysAreReportedWhereTheyStand() {
    assertThat(errors("tensorflow_config: {num_workers: many}"))
        .containsExactly(
            "w.yaml:1: tensorflow_config.num_workers: 'many' is not allowed; expected an integer of"
                + " -1 or more");
    assertThat(notices("tensorflow_config: {num_worker: 1}"))
        .containsExactly(
            "w.yaml:1: tensorflow_config.num_worker: unknown key; did you mean"
                + " 'tensorflow_config.num_workers'?");
  }

  private static String origin(LoadedWorkload loaded, String key) {
    List<Setting> settings =
        loaded.settings().stream().filter(setting -> setting.key().equals(key)).toList();
    assertThat(settings).hasSize(1);
    return settings.get(0).origin().toString();
  }
}
