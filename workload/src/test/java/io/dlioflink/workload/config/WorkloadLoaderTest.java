/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static io.dlioflink.workload.config.Loading.load;
import static io.dlioflink.workload.config.Loading.notices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.workload.ElementType;
import io.dlioflink.workload.Shuffle;
import io.dlioflink.workload.TimeSpec;
import io.dlioflink.workload.Workload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class WorkloadLoaderTest {

  @Test
  void numbersOfYamlAreUnderstood() {
    Workload workload =
        load("""
        dataset:
          record_length_bytes: 114660.07
          record_length_bytes_stdev: 1e-3
          num_files_train: 1_000
          num_files_eval: 0x10
          generation_buffer_size: 010
        train:
          computation_time: 1e-3
        """)
            .workload();
    assertThat(workload.dataset().recordLengthBytes()).isEqualTo(114660.07);
    assertThat(workload.dataset().recordLengthBytesStdev()).isEqualTo(0.001);
    assertThat(workload.dataset().numFilesTrain()).isEqualTo(1000);
    assertThat(workload.dataset().numFilesEval()).isEqualTo(16);
    assertThat(workload.dataset().generationBufferSizeBytes()).isEqualTo(8);
    assertThat(workload.train().computationTime()).isEqualTo(new TimeSpec.Constant(0.001));
  }

  @Test
  void timesHaveManyForms() {
    assertThat(time("{}")).isEqualTo(TimeSpec.none());
    assertThat(time("{computation_time: }")).isEqualTo(TimeSpec.none());
    assertThat(time("{computation_time: {}}")).isEqualTo(TimeSpec.none());
    assertThat(time("{computation_time: 2}")).isEqualTo(new TimeSpec.Constant(2));
    assertThat(time("{computation_time: {mean: 2}}")).isEqualTo(new TimeSpec.Constant(2));
    assertThat(time("{computation_time: 2, computation_time_stdev: 0.1}"))
        .isEqualTo(new TimeSpec.Normal(2, 0.1));
    assertThat(time("{computation_time: {mean: 2, stdev: 9}, computation_time_stdev: 0.1}"))
        .isEqualTo(new TimeSpec.Normal(2, 0.1));
    assertThat(time("{computation_time: {type: normal, mean: 2}, computation_time_stdev: 0.1}"))
        .isEqualTo(new TimeSpec.Normal(2, 0.1));
    assertThat(time("{computation_time: {type: uniform, min: 1, max: 2}}"))
        .isEqualTo(new TimeSpec.Uniform(1, 2));
    assertThat(time("{computation_time: {type: gamma, shape: 1, scale: 2}}"))
        .isEqualTo(new TimeSpec.Gamma(1, 2));
    assertThat(time("{computation_time: {type: exponential, scale: 2}}"))
        .isEqualTo(new TimeSpec.Exponential(2));
    assertThat(time("{computation_time: {type: poisson, lam: 2}}"))
        .isEqualTo(new TimeSpec.Poisson(2));
  }

  private static TimeSpec time(String train) {
    return load("train: " + train).workload().train().computationTime();
  }

  @Test
  void unquotedOffIsOffAndNotABoolean() {
    Workload workload = load("reader: {sample_shuffle: off, file_shuffle: seed}").workload();
    assertThat(workload.reader().sampleShuffle()).isEqualTo(Shuffle.OFF);
    assertThat(workload.reader().fileShuffle()).isEqualTo(Shuffle.SEED);
    assertThat(load("reader: {sample_shuffle: 'off'}").notices()).isEmpty();
  }

  @Test
  void emptySectionsAreEmpty() {
    assertThat(load("checkpoint:\ndataset:\n  hdf5:\n").workload())
        .isEqualTo(load("{}").workload());
  }

  @Test
  void savedConfigurationsAreUnwrapped() {
    LoadedWorkload loaded = load("hydra: {run: {dir: x}}\nworkload:\n  train: {epochs: 7}\n");
    assertThat(loaded.workload().train().epochs()).isEqualTo(7);
    assertThat(loaded.notices()).isEmpty();
  }

  @Test
  void anchorsAndMergesAreUnderstood() {
    Workload workload =
        load("""
        train: &times
          computation_time: &spec {mean: 2, stdev: 1}
          seed: 4
        evaluation:
          eval_time: {<<: *spec, mean: 3}
        """)
            .workload();
    assertThat(workload.evaluation().evalTime()).isEqualTo(new TimeSpec.Normal(3, 1));
  }

  @Test
  void trailingSlashesOfFoldersDoNotMatter() {
    assertThat(load("dataset: {data_folder: data/unet3d/}").workload().dataset().dataFolder())
        .isEqualTo("data/unet3d");
    assertThat(load("dataset: {data_folder: s3://bucket/}").workload().dataset().dataFolder())
        .isEqualTo("s3://bucket");
    assertThat(load("dataset: {data_folder: /}").workload().dataset().dataFolder()).isEqualTo("/");
  }

  @Test
  void devicesMayBeOneNameOrAList() {
    assertThat(load("profiling: {iostat_devices: sda}").workload().profiling().iostatDevices())
        .containsExactly("sda");
    assertThat(
            load("profiling: {iostat_devices: [sda, sdb]}").workload().profiling().iostatDevices())
        .containsExactly("sda", "sdb");
  }

  @Test
  void unknownKeysAreNotedOnceWithASuggestion() {
    assertThat(
            notices(
                """
                datset:
                  format: npz
                  num_files_train: 3
                dataset:
                  batch_size: 4
                  num_file_train: 4
                  wholly_unknown: 4
                """))
        .containsExactly(
            "w.yaml:1: datset: unknown section; did you mean 'dataset'?",
            "w.yaml:5: dataset.batch_size: unknown key; did you mean 'reader.batch_size'?",
            "w.yaml:6: dataset.num_file_train: unknown key; did you mean"
                + " 'dataset.num_files_train'?",
            "w.yaml:7: dataset.wholly_unknown: unknown key");
  }

  @Test
  void unknownKeysAreErrorsIfStrict() {
    WorkloadRequest request =
        new WorkloadRequest(
            "w", "w.yaml", "trian: {epochs: 1}", List.of(), true, OptionalInt.empty());
    assertThatThrownBy(() -> WorkloadLoader.load(request))
        .isInstanceOf(WorkloadException.class)
        .hasMessage("w.yaml:1: trian: unknown section; did you mean 'train'?");
  }

  @Test
  void imagesAreUint8() {
    LoadedWorkload loaded = load("dataset: {format: jpeg, record_element_type: float32}");
    assertThat(loaded.workload().dataset().recordElementType()).isEqualTo(ElementType.UINT8);
    assertThat(loaded.notices())
        .extracting(Problem::toString)
        .containsExactly(
            "w.yaml:1: dataset.record_element_type: jpeg is always uint8; 'float32' is ignored");
  }

  @Test
  void secretsAreMaskedInSettingsAndTexts() {
    LoadedWorkload loaded =
        load(
            "storage: {storage_options: {access_key_id: hush, region: r, s3_session_token: hush,"
                + " endpoint_url: 'https://me:hush@host'}}",
            "++workload.storage.storage_options.secret_access_key=hush");
    assertThat(loaded.workload().storage().options())
        .containsEntry("secret_access_key", "hush")
        .containsEntry("access_key_id", "hush");
    assertThat(loaded.settings())
        .contains(
            new Setting(
                "storage.storage_options.secret_access_key",
                "'***'",
                new Origin.CommandLine("++workload.storage.storage_options.secret_access_key=***")),
            new Setting("storage.storage_options.region", "r", new Origin.FileLine("w.yaml", 1)));
    assertThat(loaded.settings().toString()).doesNotContain("hush");
    assertThat(loaded.toString()).doesNotContain("hush");
    assertThat(WorkloadLoader.minimalYaml(loaded))
        .doesNotContain("secret_access_key: hush")
        .contains("# secret_access_key: left out, a secret");
  }

  @Test
  void optionsBecomeText() {
    assertThat(
            load("storage: {storage_options: {s3_force_path_style: False, s3_max_attempts: 5,"
                    + " region: }}")
                .workload()
                .storage()
                .options())
        .isEqualTo(Map.of("s3_force_path_style", "false", "s3_max_attempts", "5"));
  }

  @Test
  void filesMustBeUtf8AndSmall() {
    assertThat(WorkloadRequest.decodeUtf8(bytes("\ufeffmodel: {name: ü}"), "w.yaml"))
        .isEqualTo("model: {name: ü}");
    byte[] latin = "train: {}\nmodel: {name: \u00fc}".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> WorkloadRequest.decodeUtf8(latin, "w.yaml"))
        .isInstanceOf(WorkloadException.class)
        .hasMessage(
            "w.yaml:2: not UTF-8: unexpected byte 0xfc at offset 24; save the file as UTF-8");
    byte[] cut = {'a', ':', ' ', (byte) 0xc3};
    assertThatThrownBy(() -> WorkloadRequest.decodeUtf8(cut, "w.yaml"))
        .hasMessage(
            "w.yaml:1: not UTF-8: unexpected byte 0xc3 at offset 3; save the file as UTF-8");
    assertThatThrownBy(() -> WorkloadRequest.decodeUtf8(new byte[(1 << 20) + 1], "w.yaml"))
        .hasMessage("w.yaml: the file has 1048577 bytes; a workload file may have at most 1048576");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
