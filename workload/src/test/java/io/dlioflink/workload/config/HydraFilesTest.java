/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class HydraFilesTest {
  private static final String YAML =
      """
      model: {name: unet3d}
      framework: pytorch
      workflow: {generate_data: false, train: true, checkpoint: true}
      dataset:
        data_folder: /data/a b
        record_length_bytes: 1000
        record_length_bytes_stdev: 10.5
        num_files_train: 64
      reader: {batch_size: 4, odirect: true}
      train: {epochs: 2, computation_time: {mean: 0.3, stdev: 0.1}}
      """;

  private static LoadedWorkload load(String text, String... overrides) {
    return WorkloadLoader.load(
        new WorkloadRequest(
            "test", "test.yaml", text, List.of(overrides), false, OptionalInt.empty()));
  }

  private static Object parsed(String yaml) {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
  }

  private static Map<String, String> files(LoadedWorkload loaded) {
    return HydraFiles.of(loaded, "/results/my run", "dlio_config");
  }

  @Test
  void theConfigurationIsCompleteAndLoadsToAnEqualWorkload() {
    LoadedWorkload loaded = load(YAML, "++workload.train.epochs=3");
    String config = files(loaded).get("config.yaml");

    assertThat(load(config, "++workload.output.folder=null").workload())
        .isEqualTo(loaded.workload());
    assertThat(parsed(config))
        .extracting(
            "workload.dataset.record_length", "workload.train.epochs", "workload.output.folder")
        .containsExactly(1000, 3, "/results/my run");
    assertThat(parsed(config))
        .extracting("workload.workflow.generate_data", "workload.reader.odirect")
        .containsExactly(false, true);
  }

  @Test
  void overridesAreWrittenAsCheckersReadThem() {
    LoadedWorkload loaded =
        load(
            YAML,
            "++workload.train.epochs=3",
            "workload.reader.batch_size=2",
            "+workload.train.seed=5",
            "dataset.num_files_eval=0",
            "workload.train.computation_time={mean: 0.1}");

    String overrides = files(loaded).get("overrides.yaml");

    assertThat(overrides.lines())
        .containsExactly(
            "- workload=test",
            "- ++workload.train.epochs=3",
            "- ++workload.reader.batch_size=2",
            "- ++workload.train.seed=5",
            "- ++workload.dataset.num_files_eval=0",
            "- '++workload.train.computation_time={mean: 0.1}'");
    assertThat(parsed(overrides)).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(6);
  }

  @Test
  void whatIsNoAssignmentStandsInAComment() {
    LoadedWorkload loaded =
        load(YAML, "~workload.reader.odirect", "++workload.dataset.data_folder=/a=b");

    assertThat(files(loaded).get("overrides.yaml").lines())
        .containsExactly(
            "- workload=test",
            "# ~workload.reader.odirect",
            "# ++workload.dataset.data_folder=/a=b");
  }

  @Test
  void secretsAreLeftOut() {
    LoadedWorkload loaded =
        load(
            YAML,
            "++workload.storage.storage_options.secret_access_key=hunter2",
            "++workload.storage.storage_options.region=eu");

    Map<String, String> files = files(loaded);

    assertThat(String.join("", files.values())).doesNotContain("hunter2").contains("region");
    assertThat(parsed(files.get("overrides.yaml")))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(3);
  }

  @Test
  void hydraKnowsItsFolder() {
    assertThat(parsed(files(load(YAML)).get("hydra.yaml")))
        .extracting("hydra.run.dir", "hydra.job.name", "hydra.output_subdir")
        .containsExactly("/results/my run", "dlio_benchmark", "dlio_config");
  }

  @Test
  void passwordsInUrisAreMasked() {
    LoadedWorkload loaded =
        load(YAML, "++workload.checkpoint.checkpoint_folder=s3://me:secret@bucket/checkpoints");

    assertThat(HydraFiles.of(loaded, "s3://me:secret@bucket/results", ".hydra").values())
        .noneMatch(text -> text.contains("secret"))
        .anyMatch(text -> text.contains("s3://***@bucket/checkpoints"))
        .anyMatch(text -> text.contains("s3://***@bucket/results"));
  }
}
