/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static io.dlioflink.workload.config.Loading.errors;
import static io.dlioflink.workload.config.Loading.load;
import static io.dlioflink.workload.config.Loading.notices;
import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.workload.Shuffle;
import io.dlioflink.workload.TimeSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OverridesTest {

  private static final String FILE = "train:\n  epochs: 3\n  seed: 5\n";

  @Test
  void overridesBeatTheFileAndTheFileBeatsTheDefaults() {
    LoadedWorkload loaded =
        load(FILE, "++workload.train.epochs=4", "workload.train.epochs=6", "reader.batch_size=2");
    assertThat(loaded.workload().train().epochs()).isEqualTo(6);
    assertThat(loaded.workload().train().seed()).isEqualTo(5);
    assertThat(loaded.workload().reader().batchSize()).isEqualTo(2);
    assertThat(loaded.settings())
        .contains(
            new Setting("train.epochs", "6", new Origin.CommandLine("workload.train.epochs=6")),
            new Setting("train.seed", "5", new Origin.FileLine("w.yaml", 3)),
            new Setting("train.seed_change_epoch", "true", Origin.ofDefault()));
    assertThat(new Origin.CommandLine("a.b=1")).hasToString("override 'a.b=1'");
    assertThat(new Origin.FileLine("w.yaml", 3)).hasToString("w.yaml:3");
    assertThat(Origin.ofDefault()).hasToString("default");
  }

  @Test
  void plusAddsOnly() {
    assertThat(load(FILE, "+workload.reader.batch_size=2").workload().reader().batchSize())
        .isEqualTo(2);
    assertThat(errors(FILE, "+workload.train.epochs=4"))
        .containsExactly(
            "override '+workload.train.epochs=4': train.epochs: set already (w.yaml:2); use '++' to"
                + " override it");
  }

  @Test
  void tildeGoesBackToTheDefault() {
    assertThat(load(FILE, "~workload.train.epochs").workload().train().epochs()).isEqualTo(1);
    assertThat(load(FILE, "~train").workload().train().seed()).isEqualTo(123);
    assertThat(load(FILE, "~workload.metric.au").workload().auThreshold()).isEqualTo(0.9);
    assertThat(errors(FILE, "~workload.train.epoch"))
        .containsExactly(
            "override '~workload.train.epoch': train.epoch: unknown key; did you mean"
                + " 'train.epochs'?");
  }

  @Test
  void valuesFollowHydrasGrammar() {
    assertThat(load("{}", "dataset.record_dims=[4, 5]").workload().dataset().recordDims())
        .containsExactly(4, 5);
    assertThat(load("{}", "dataset.record_dims=[]").workload().dataset().recordDims()).isEmpty();
    assertThat(load("{}", "workflow.generate_data=TRUE").workload().workflow().generateData())
        .isTrue();
    assertThat(load("{}", "model.name='a, b'").workload().model().name()).isEqualTo("a, b");
    assertThat(load("{}", "model.name=\"it's\"").workload().model().name()).isEqualTo("it's");
    assertThat(load("{}", "model.name=yes").workload().model().name()).isEqualTo("yes");
    assertThat(load("{}", "train.computation_time=1e-3").workload().train().computationTime())
        .isEqualTo(new TimeSpec.Constant(0.001));
    assertThat(load("{}", "reader.transfer_size=null").workload().reader().transferSizeBytes())
        .isZero();
    assertThat(load("{}", "reader.sample_shuffle=off").workload().reader().sampleShuffle())
        .isEqualTo(Shuffle.OFF);
    assertThat(errors("{}", "workflow.train=off"))
        .containsExactly(
            "override 'workflow.train=off': workflow.train: 'off' is not allowed; expected true or"
                + " false");
  }

  @Test
  void mappingsAreMerged() {
    assertThat(
            load(
                    "train: {computation_time: {mean: 1, stdev: 0.5}}",
                    "++workload.train.computation_time.stdev=0.1")
                .workload()
                .train()
                .computationTime())
        .isEqualTo(new TimeSpec.Normal(1, 0.1));
    assertThat(
            load(
                    "storage: {storage_options: {region: a, endpoint_url: b}}",
                    "++workload.storage.storage_options={region: c, s3_max_attempts: 3}")
                .workload()
                .storage()
                .options())
        .isEqualTo(Map.of("region", "c", "endpoint_url", "b", "s3_max_attempts", "3"));
    assertThat(
            load("train: {computation_time: 2}", "++workload.train.computation_time={mean:3}")
                .workload()
                .train()
                .computationTime())
        .isEqualTo(new TimeSpec.Constant(3));
  }

  @Test
  void unknownKeysAreErrorsUnlessAdded() {
    assertThat(errors("{}", "dataset.num_file_train=3"))
        .containsExactly(
            "override 'dataset.num_file_train=3': dataset.num_file_train: unknown key; did you mean"
                + " 'dataset.num_files_train'?");
    assertThat(notices("{}", "++workload.dataset.num_file_train=3"))
        .containsExactly(
            "override '++workload.dataset.num_file_train=3': dataset.num_file_train: unknown key;"
                + " did you mean 'dataset.num_files_train'?");
  }

  @Test
  void whatIsNoOverrideIsExplained() {
    String forms =
        "; expected ++workload.section.key=value, +workload.section.key=value, section.key=value or"
            + " ~workload.section.key";
    assertThat(errors("{}", "fast", "train..epochs=1", "~train.epochs=1", "workload=unet3d"))
        .containsExactly(
            "override 'fast': not an override" + forms,
            "override 'train..epochs=1': not an override" + forms,
            "override '~train.epochs=1': a value after '~'" + forms,
            "override 'workload=unet3d': selects a workload file and is not an override" + forms);
  }

  @Test
  void brokenValuesAreExplained() {
    assertThat(
            errors(
                "{}",
                "dataset.record_dims=[4",
                "dataset.record_dims=[4,,5]",
                "model.name='a",
                "model.name='a' b",
                "profiling.iostat_devices=sda,sdb",
                "train.computation_time={mean 1}"))
        .containsExactly(
            "override 'dataset.record_dims=[4': dataset.record_dims: ']' is missing at character 3",
            "override 'dataset.record_dims=[4,,5]': dataset.record_dims: a value is missing at"
                + " character 4",
            "override 'model.name='a': model.name: the closing ' is missing",
            "override 'model.name='a' b': model.name: there is text after the end of the value, at"
                + " character 5",
            "override 'profiling.iostat_devices=sda,sdb': profiling.iostat_devices: a comma outside"
                + " of brackets and quotes; write [a,b] for a list or quote the text",
            "override 'train.computation_time={mean 1}': train.computation_time: ':' is missing at"
                + " character 8");
  }

  @Test
  void hydrasRunFolderIsTheOutputFolderAndItsOtherKeysAreIgnored() {
    assertThat(load("{}", "hydra.run.dir=out/a").outputFolder()).hasValue("out/a");
    assertThat(load("{}", "++hydra.run.dir='out b/'").outputFolder()).hasValue("out b");
    assertThat(load("{}").outputFolder()).isEmpty();
    for (String other : List.of("hydra.job.chdir=True", "hydra/job_logging=disabled")) {
      assertThat(notices("{}", other))
          .containsExactly(
              "override '%s': %s: ignored; of Hydra's own settings only hydra.run.dir and"
                      .formatted(other, other.substring(0, other.indexOf('=')))
                  + " hydra.output_subdir have a meaning here");
    }
    assertThat(notices("{}", "~hydra.callbacks")).hasSize(1);
    assertThat(errors("{}", "hydra.run.dir=a/${now:%Y}"))
        .containsExactly(
            "override 'hydra.run.dir=a/${now:%Y}': hydra.run.dir: interpolation with ${...} is not"
                + " supported; write the value");
  }

  @Test
  void hydrasSubFolderHasItsDefaultAndMayBeRenamedOrSwitchedOff() {
    assertThat(load("{}").hydraSubdir()).hasValue(".hydra");
    assertThat(load("{}", "++hydra.output_subdir=dlio_config").hydraSubdir())
        .hasValue("dlio_config");
    assertThat(load("{}", "hydra.output_subdir=null").hydraSubdir()).isEmpty();
  }

  @Test
  void theReaderSectionHasTwoNames() {
    assertThat(
            load("data_reader: {batch_size: 3}", "++workload.reader.batch_size=4")
                .workload()
                .reader()
                .batchSize())
        .isEqualTo(4);
    assertThat(load("{}", "++workload.data_reader.batch_size=4").workload().reader().batchSize())
        .isEqualTo(4);
  }
}
