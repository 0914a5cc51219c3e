/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.job.graph.RunSpec;
import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import io.dlioflink.source.DatasetSource.BarrierEndpoint;
import io.dlioflink.workload.config.LoadedWorkload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunPlannerTest {
  private static final Set<Phase> PHASES = Set.of(Phase.GENERATE, Phase.TRAIN);
  private static final ClassLoader LOADER = RunPlannerTest.class.getClassLoader();

  private static LoadedWorkload quickstart(String... overrides) throws IOException {
    return new WorkloadFiles(Optional.empty())
        .loadNamed("quickstart", List.of(overrides), true, OptionalInt.of(2));
  }

  private static RunSpec plan(LoadedWorkload loaded, Optional<String> output) {
    return RunPlanner.plan(loaded, 2, output, BarrierEndpoint.DEFAULT, PHASES, LOADER);
  }

  private static String dataset(String... overrides) throws IOException {
    return RunPlanner.dataset(quickstart(overrides).workload()).toString();
  }

  @Test
  void aRelativeDataFolderLiesBelowTheStorageRoot() throws IOException {
    assertThat(dataset()).isEqualTo(Path.of("data/quickstart").toAbsolutePath().toString());
    assertThat(dataset("storage.storage_root=/mnt/x")).isEqualTo("/mnt/x/data/quickstart");
  }

  @Test
  void anAbsoluteDataFolderWinsOverTheStorageRoot() throws IOException {
    assertThat(dataset("storage.storage_root=/mnt/x", "dataset.data_folder=/d/../e/"))
        .isEqualTo("/e");
  }

  @Test
  void odirectReadsPastThePageCache() throws IOException {
    assertThat(dataset("reader.odirect=true", "dataset.data_folder=/d")).isEqualTo("direct:///d");
  }

  @Test
  void aUriIsTakenAsItIs() throws IOException {
    assertThat(dataset("dataset.data_folder=direct:///d/e")).isEqualTo("direct:///d/e");
    assertThat(dataset("dataset.data_folder=file:///d/e")).isEqualTo("/d/e");
  }

  @Test
  void onS3AFolderWithoutASchemeIsAPrefixInTheBucketOfTheStorageRoot() throws IOException {
    assertThat(
            dataset(
                "storage.storage_type=s3",
                "storage.storage_root=bucket",
                "dataset.data_folder=a/b/"))
        .isEqualTo("s3://bucket/a/b");
    assertThat(
            dataset(
                "storage.storage_type=s3",
                "storage.storage_root=s3://bucket/team",
                "dataset.data_folder=/a"))
        .isEqualTo("s3://bucket/team/a");
    assertThat(
            RunPlanner.checkpoints(
                    quickstart(
                            "storage.storage_type=s3",
                            "storage.storage_root=bucket",
                            "checkpoint.checkpoint_folder=checkpoints/unet3d")
                        .workload())
                .toString())
        .isEqualTo("s3://bucket/checkpoints/unet3d");
  }

  @Test
  void theS3WorkloadsOfDlioResolveToTheirBucket() throws IOException {
    LoadedWorkload loaded =
        quickstart(
            "storage.storage_type=s3",
            "storage.storage_root=s3pytorchconnector",
            "storage.storage_options={access_key_id: k, secret_access_key: s, region: us-east-1}",
            "dataset.data_folder=s3://s3pytorchconnector",
            "checkpoint.checkpoint_folder=checkpoints/unet3d");
    assertThat(RunPlanner.dataset(loaded.workload()).child("train/img_000_of_168.npz").toString())
        .isEqualTo("s3://s3pytorchconnector/train/img_000_of_168.npz");
    assertThat(RunPlanner.checkpoints(loaded.workload()).toString())
        .isEqualTo("s3://s3pytorchconnector/checkpoints/unet3d");
    assertThat(RunPlanner.notices(loaded)).noneMatch(notice -> notice.contains("storage_root"));
  }

  @Test
  void aBucketThatIsNotTheStorageRootIsANotice() throws IOException {
    assertThat(
            RunPlanner.notices(
                quickstart(
                    "storage.storage_type=s3",
                    "storage.storage_root=one",
                    "reader.odirect=true",
                    "dataset.data_folder=s3://two/a")))
        .contains(
            "storage.storage_root: one is not the bucket of dataset.data_folder, two; the latter is"
                + " used, as in DLIO",
            "reader.odirect has no effect on s3://: nothing of it is in a page cache");
  }

  @Test
  void whatDoesNotNameAStoreIsRefusedWithAWayOut() throws IOException {
    assertThat(RunPlanner.refusals(quickstart("storage.storage_type=s3"), 1))
        .anySatisfy(
            refusal ->
                assertThat(refusal)
                    .contains("dataset.data_folder: s3://./data/quickstart names no bucket")
                    .contains("the bucket as storage.storage_root"));
    assertThat(RunPlanner.refusals(quickstart("storage.storage_type=aistore"), 1))
        .anySatisfy(refusal -> assertThat(refusal).contains("AIStore's S3 gateway"));
    assertThat(
            RunPlanner.refusals(
                quickstart("storage.storage_type=s3", "dataset.data_folder=file:///d"), 1))
        .anySatisfy(refusal -> assertThat(refusal).contains("a folder of a mounted file system"));
  }

  @Test
  void credentialsInALocationAreRefusedAndNotRepeated() throws IOException {
    assertThat(
            RunPlanner.refusals(
                quickstart(
                    "dataset.data_folder=az://account/data?sv=2024&sig=hush",
                    "checkpoint.checkpoint_folder=s3://user:hush@bucket/c",
                    "workflow.checkpoint=true"),
                1))
        .hasSize(2)
        .allSatisfy(
            refusal ->
                assertThat(refusal)
                    .contains("credentials do not belong into a location")
                    .doesNotContain("hush"));
  }

  @Test
  void theCommandLineDecidesWhereResultsGoBeforeHydraAndTheWorkload() throws IOException {
    LoadedWorkload loaded = quickstart("hydra.run.dir=/hydra", "output.folder=/workload");
    assertThat(plan(loaded, Optional.of("/here")).output().toString()).isEqualTo("/here");
    assertThat(plan(loaded, Optional.empty()).output().toString()).isEqualTo("/hydra");
    assertThat(plan(quickstart("output.folder=/workload"), Optional.empty()).output().toString())
        .isEqualTo("/workload");
    assertThat(plan(quickstart(), Optional.empty()).output().toString())
        .startsWith(Path.of("results/quickstart/").toAbsolutePath() + "/");
  }

  @Test
  void anEvaluationWithoutDataIsRefused() throws IOException {
    LoadedWorkload loaded = quickstart("workflow.evaluation=true");
    assertThatThrownBy(() -> plan(loaded, Optional.empty()))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("dataset.num_files_eval: 0 gives no step");
    assertThat(RunPlanner.refusals(loaded, 2))
        .singleElement()
        .asString()
        .contains("dataset.num_files_eval: 0 gives no step");
  }

  @Test
  void everythingThatIsNotThereYetIsRefusedTogether() throws IOException {
    LoadedWorkload loaded =
        quickstart(
            "dataset.format=hdf5_opt",
            "reader.reader_classname=dlio_benchmark.plugins.my_reader.MyReader",
            "reader.read_type=memory",
            "workflow.checkpoint=true",
            "checkpoint.checkpoint_folder=ftp://host/checkpoints",
            "checkpoint.checkpoint_mechanism_classname=my.Mechanism");
    assertThatThrownBy(() -> plan(loaded, Optional.empty()))
        .hasMessageContaining("dataset.format: hdf5_opt is not supported yet; available are ")
        .hasMessageContaining(
            "reader.reader_classname: 'dlio_benchmark.plugins.my_reader.MyReader' is not a Java"
                + " class on the class path or in a --jar; expected one that implements"
                + " io.dlioflink.format.DecoderFactory (a reader of DLIO is a Python class, which"
                + " cannot run here)")
        .hasMessageContaining("reader.read_type: memory")
        .hasMessageContaining("checkpoint.checkpoint_folder: ftp://host/checkpoints")
        .hasMessageContaining("checkpoint.checkpoint_mechanism_classname: my.Mechanism");
  }

  @Test
  void whatAFormatCannotWriteIsRefusedOnlyIfItIsToBeWritten() throws IOException {
    LoadedWorkload loaded = quickstart("dataset.format=hdf5", "dataset.hdf5.chunk_dims=[1,2]");
    assertThatThrownBy(() -> plan(loaded, Optional.empty()))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("dataset.hdf5.chunk_dims=[1, 2] do not fit datasets of shape");
    assertThat(
            RunPlanner.plan(
                    loaded,
                    2,
                    Optional.empty(),
                    BarrierEndpoint.DEFAULT,
                    Set.of(Phase.TRAIN),
                    LOADER)
                .accelerators())
        .isEqualTo(2);
  }

  @Test
  void aClassThatReadsNoFilesIsRefused() throws IOException {
    LoadedWorkload loaded = quickstart("reader.reader_classname=java.lang.String");
    assertThatThrownBy(() -> plan(loaded, Optional.empty()))
        .hasMessageContaining(
            "reader.reader_classname: 'java.lang.String' does not implement"
                + " io.dlioflink.format.DecoderFactory");
  }

  @Test
  void aCompressionThatTheFormatCannotCarryIsToldOrRefused() throws IOException {
    assertThat(RunPlanner.notices(quickstart("dataset.format=npy", "dataset.compression=gzip")))
        .contains("dataset.compression: gzip has no effect on npy, as in DLIO");
    assertThat(RunPlanner.notices(quickstart("dataset.format=npz", "dataset.compression=zip")))
        .contains("dataset.compression: DLIO does not compress npz; dlio-flink does, with zip");
    LoadedWorkload loaded = quickstart("dataset.format=npz", "dataset.compression=zstd");
    assertThatThrownBy(() -> plan(loaded, Optional.empty()))
        .hasMessageContaining(
            "dataset.compression: zstd with format npz is not supported yet; available are none,"
                + " zip");
  }

  @Test
  void checkpointsLieWhereTheirFolderSaysWhateverTheStorageRoot() throws IOException {
    assertThat(
            RunPlanner.checkpoints(
                    quickstart("storage.storage_root=/x", "checkpoint.checkpoint_folder=c/d/")
                        .workload())
                .toString())
        .isEqualTo(Path.of("c/d").toAbsolutePath().toString());
    assertThat(
            RunPlanner.checkpoints(
                    quickstart("checkpoint.checkpoint_folder=direct:///d/e").workload())
                .toString())
        .isEqualTo("direct:///d/e");
  }

  @Test
  void checkpointsAloneNeedNoDataset() throws IOException {
    LoadedWorkload loaded = quickstart("dataset.format=hdf5_opt");
    assertThat(
            RunPlanner.plan(
                    loaded,
                    2,
                    Optional.empty(),
                    BarrierEndpoint.DEFAULT,
                    Set.of(Phase.CHECKPOINT),
                    LOADER)
                .accelerators())
        .isEqualTo(2);
  }

  @Test
  void compressedTensorBundlesAreRefused() throws IOException {
    LoadedWorkload loaded =
        quickstart(
            "framework=tensorflow",
            "reader.data_loader=tensorflow",
            "workflow.checkpoint=true",
            "checkpoint.compression=zstd");
    assertThatThrownBy(() -> plan(loaded, Optional.empty()))
        .hasMessageContaining("checkpoint.compression: zstd with framework tensorflow");
  }
}
