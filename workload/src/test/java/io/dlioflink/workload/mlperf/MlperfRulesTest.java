/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.workload.config.LoadedWorkload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MlperfRulesTest {
  private static final Site FOUR_ON_ONE = Site.planned(1, 64L << 30, 4);
  private static final String ENOUGH = "++workload.dataset.num_files_train=14000";

  private static MlperfVerdict verdict(
      String name, Site site, OptionalDouble auPercent, String... overrides) throws IOException {
    return verdict(name, Published.load(name, overrides), site, auPercent);
  }

  private static MlperfVerdict verdict(
      String name, LoadedWorkload run, Site site, OptionalDouble auPercent) throws IOException {
    LoadedWorkload published = Published.load(name);
    return MlperfRules.check(
        new MlperfRequest(Division.CLOSED, name, published.workload(), published.settings()),
        new MlperfSubject(
            run.workload(), run.settings(), run.overrides(), Optional.ofNullable(site), auPercent));
  }

  private static MlperfVerdict unet3d(String... overrides) throws IOException {
    return verdict("unet3d_h100", FOUR_ON_ONE, OptionalDouble.empty(), overrides);
  }

  private static List<String> violations(MlperfVerdict verdict) {
    return verdict.violations().stream().map(Finding::toString).toList();
  }

  @Test
  void aLargeEnoughDatasetAndNothingElseIsClosed() throws IOException {
    MlperfVerdict verdict = unet3d(ENOUGH);
    assertThat(verdict.standing()).isEqualTo(Standing.CLOSED);
    assertThat(verdict.isMet()).isTrue();
    assertThat(verdict.findings())
        .extracting(Finding::rule)
        .containsExactly(
            "workflow",
            "dataset.num_files_train",
            "workflow.checkpoint of unet3d",
            "reader.prefetch_size",
            "accelerators per host",
            "dataset size");
  }

  @Test
  void thePublishedNumberOfFilesIsTooSmallForMostHosts() throws IOException {
    assertThat(violations(unet3d()))
        .containsExactly(
            "INVALID dataset size: expected at least 14000 files (2343 make 5 x 64.0 GiB of"
                + " memory, 14000 make 500 steps of 4 accelerators); found 168 files");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "++workload.dataset.num_subfolders_train=4",
        "++workload.dataset.data_folder=/mnt/unet3d",
        "++workload.reader.read_threads=16",
        "reader.computation_threads=2",
        "+workload.reader.transfer_size=1048576",
        "++workload.reader.prefetch_size=1",
        "++workload.data_reader.read_threads=2",
        "++workload.reader.odirect=True",
        "++workload.checkpoint.checkpoint_folder=/mnt/ckpt",
        "++workload.storage.storage_root=/mnt",
        "++workload.workflow.generate_data=True"
      })
  void whatClosedAllowsIsClosed(String override) throws IOException {
    assertThat(unet3d(ENOUGH, override).standing()).isEqualTo(Standing.CLOSED);
  }

  @ParameterizedTest
  @CsvSource({
    "++workload.framework=tensorflow ++workload.reader.data_loader=tensorflow,framework",
    "++workload.dataset.format=hdf5,dataset.format",
    "++workload.dataset.num_samples_per_file=2,dataset.num_samples_per_file",
    "++workload.reader.data_loader=dali,reader.data_loader"
  })
  void whatOpenAllowsIsOpen(String overrides, String rule) throws IOException {
    MlperfVerdict verdict = unet3d((ENOUGH + " " + overrides).split(" "));
    assertThat(verdict.standing()).isEqualTo(Standing.OPEN);
    assertThat(verdict.isMet()).isFalse();
    assertThat(Standing.OPEN.meets(Division.OPEN)).isTrue();
    assertThat(verdict.violations()).extracting(Finding::rule).contains(rule);
  }

  @Test
  void anyOtherOverrideIsInvalidEvenIfItChangesNothing() throws IOException {
    assertThat(violations(unet3d(ENOUGH, "++workload.train.epochs=5")))
        .containsExactly(
            "INVALID train.epochs: expected 5, not set; found 5 (override"
                + " '++workload.train.epochs=5')");
    assertThat(violations(unet3d(ENOUGH, "~workload.metric.au")))
        .containsExactly("INVALID metric.au: expected 0.9, not set; found 0.9 (default)");
    assertThat(violations(unet3d(ENOUGH, "++workload.dataset.content_seed=7")))
        .containsExactly(
            "INVALID dataset.content_seed: expected 10, not set; found 7 (override"
                + " '++workload.dataset.content_seed=7')");
  }

  @Test
  void aFileThatSaysSomethingElseIsTreatedAsAnOverride() throws IOException {
    String yaml =
        Files.readString(Path.of("..", "configs", "workload", "unet3d_h100.yaml"))
            .replace("num_files_train: 168", "num_files_train: 14000")
            .replace("epochs: 5", "epochs: 3");
    LoadedWorkload run = Published.parse("mine", yaml, "++workload.reader.read_threads=4");
    MlperfVerdict verdict = verdict("unet3d_h100", run, FOUR_ON_ONE, OptionalDouble.empty());
    assertThat(violations(verdict))
        .containsExactly("INVALID train.epochs: expected 5, not set; found 3 (mine.yaml:32)");
  }

  @Test
  void unet3dNeedsItsCheckpointAndMayReadPastThePageCache() throws IOException {
    assertThat(violations(unet3d(ENOUGH, "++workload.workflow.checkpoint=False")))
        .containsExactly("INVALID workflow.checkpoint of unet3d: expected true; found false");
    assertThat(
            violations(
                verdict(
                    "cosmoflow_a100",
                    FOUR_ON_ONE,
                    OptionalDouble.empty(),
                    "++workload.reader.odirect=True")))
        .containsExactly(
            "INVALID reader.odirect of workloads other than unet3d: expected false; found true");
  }

  @Test
  void morePrefetchingThanTheRulesNameIsInvalid() throws IOException {
    assertThat(violations(unet3d(ENOUGH, "++workload.reader.prefetch_size=8")))
        .containsExactly("INVALID reader.prefetch_size: expected 0 to 2; found 8");
  }

  @Test
  void everyHostHasAsManyAccelerators() throws IOException {
    MlperfVerdict verdict =
        verdict("unet3d_h100", Site.planned(2, 16L << 30, 3), OptionalDouble.empty(), ENOUGH);
    assertThat(violations(verdict))
        .containsExactly(
            "INVALID accelerators per host: expected the same on every host; found host 1: 2, host"
                + " 2: 1");
  }

  @ParameterizedTest
  @CsvSource({"unet3d_h100,90,CLOSED", "unet3d_h100,89.99,INVALID", "cosmoflow_h100,70,CLOSED"})
  void theUtilizationMustReachThatOfThePublishedWorkload(
      String name, double auPercent, Standing standing) throws IOException {
    Site site = Site.planned(1, 1L << 30, 4);
    assertThat(verdict(name, site, OptionalDouble.of(auPercent), ENOUGH).standing())
        .isEqualTo(standing);
  }

  @Test
  void aGenerationIsJudgedByItsSizeAndParameters() throws IOException {
    String[] enough = {"++workload.dataset.num_files_train=2343"};
    assertThat(verdict("unet3d_datagen", FOUR_ON_ONE, OptionalDouble.empty(), enough).standing())
        .isEqualTo(Standing.CLOSED);
    assertThat(violations(verdict("unet3d_datagen", FOUR_ON_ONE, OptionalDouble.empty())))
        .containsExactly(
            "INVALID dataset size: expected at least 2343 files (2343 make 5 x 64.0 GiB of"
                + " memory); found 168 files");
  }

  @Test
  void withoutHostsAndFiguresOnlyTheParametersAreJudged() throws IOException {
    assertThat(verdict("unet3d_h100", null, OptionalDouble.empty()).standing())
        .isEqualTo(Standing.CLOSED);
  }

  @ParameterizedTest
  @CsvSource({
    "llama3_70b,64,8,CLOSED",
    "llama3_70b,72,9,OPEN",
    "llama3_70b,56,7,INVALID",
    "llama3_70b,68,8,INVALID",
    "llama3_70b,64,32,INVALID",
    "llama3_405b,512,64,CLOSED",
    "llama3_1t,1024,128,CLOSED",
    "llama3_1t,1536,128,OPEN"
  })
  void checkpointsAreTakenByThePrescribedNumberOfProcesses(
      String name, int processes, int hosts, Standing standing) throws IOException {
    MlperfVerdict verdict =
        verdict(
            name,
            Site.planned(hosts, 1L << 40, processes),
            OptionalDouble.empty(),
            "++workload.checkpoint.num_checkpoints_read=0");
    assertThat(verdict.standing()).isEqualTo(standing);
  }

  @Test
  void theSubsetModeTakesEightProcessesOfTheWholeJob() throws IOException {
    String[] overrides = {
      "++workload.checkpoint.mode=subset",
      "++workload.model.parallelism.data=2",
      "++workload.checkpoint.num_checkpoints_write=0",
      "++workload.checkpoint.checkpoint_folder=/mnt/checkpoints"
    };
    Site eight = Site.planned(1, 1L << 40, 8);
    assertThat(verdict("llama3_405b", eight, OptionalDouble.empty(), overrides).standing())
        .isEqualTo(Standing.CLOSED);
    Site four = Site.planned(1, 1L << 40, 4);
    assertThat(verdict("llama3_405b", four, OptionalDouble.empty(), overrides).standing())
        .isEqualTo(Standing.OPEN);
    assertThat(violations(verdict("llama3_70b", eight, OptionalDouble.empty(), overrides)))
        .containsExactly("INVALID model.parallelism.data in mode subset: expected 8; found 2");
  }

  @Test
  void checkpointsAreSyncedAndReadInARunOfTheirOwn() throws IOException {
    MlperfVerdict verdict =
        verdict(
            "llama3_405b",
            Site.planned(64, 1L << 40, 512),
            OptionalDouble.empty(),
            "++workload.checkpoint.fsync=False");
    assertThat(violations(verdict))
        .containsExactly(
            "INVALID checkpoint.fsync: expected true, not set; found false (override"
                + " '++workload.checkpoint.fsync=False')",
            "INVALID checkpoint.fsync: expected true; found false",
            "INVALID checkpoints written and read: expected 10 and 0, then, with caches cleared, 0"
                + " and 10 in a run of its own; found 10 and 10");
  }

  @Test
  void theVerdictSaysWhatASubmissionNeedsBesides() throws IOException {
    assertThat(unet3d().lines())
        .first()
        .isEqualTo("MLPerf Storage v2.0, unet3d_h100 as CLOSED: INVALID");
    assertThat(unet3d().lines())
        .anyMatch(line -> line.contains("5 runs in a row"))
        .anyMatch(line -> line.contains("CLOSED allows no change of it"));
  }

  @Test
  void thePublishedWorkloadIsFoundByNameElseByModelAndTimePerStep() throws IOException {
    LoadedWorkload run = Published.load("unet3d_a100");
    assertThat(PublishedWorkloads.candidates("unet3d_h100", run.workload()))
        .containsExactly("unet3d_h100");
    assertThat(PublishedWorkloads.candidates("mine", run.workload()))
        .containsExactly("unet3d_a100", "unet3d_h100");
    LoadedWorkload a100 = Published.load("unet3d_a100");
    LoadedWorkload h100 = Published.load("unet3d_h100");
    assertThat(PublishedWorkloads.choose(run.workload(), List.of(h100, a100))).contains(a100);
    assertThat(
            PublishedWorkloads.choose(
                Published.load("unet3d_v100").workload(), List.of(h100, a100)))
        .isEmpty();
    assertThat(PublishedWorkloads.candidates("mine", Published.load("unet3d_datagen").workload()))
        .containsExactly("unet3d_datagen");
    assertThat(PublishedWorkloads.candidates("mine", Published.load("llama3_1t").workload()))
        .containsExactly("llama3_1t");
    assertThat(PublishedWorkloads.candidates("mine", Published.load("dlrm").workload())).isEmpty();
  }

  @Test
  void aDivisionIsClosedOrOpen() {
    assertThat(Division.parse("Open")).isEqualTo(Division.OPEN);
    assertThatThrownBy(() -> Division.parse("half"))
        .hasMessage("'half' is not allowed; expected closed or open");
  }
}
