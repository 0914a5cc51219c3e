/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static io.dlioflink.workload.config.ValueTypes.BOOL;
import static io.dlioflink.workload.config.ValueTypes.FOLDER;
import static io.dlioflink.workload.config.ValueTypes.OPTIONAL_FOLDER;
import static io.dlioflink.workload.config.ValueTypes.TEXT;
import static io.dlioflink.workload.config.ValueTypes.enumOf;
import static io.dlioflink.workload.config.ValueTypes.integer;
import static io.dlioflink.workload.config.ValueTypes.number;
import static io.dlioflink.workload.config.ValueTypes.oneOrListOf;
import static io.dlioflink.workload.config.ValueTypes.optional;

import io.dlioflink.workload.Framework;
import io.dlioflink.workload.LoadBalance;
import io.dlioflink.workload.OutputConfig;
import io.dlioflink.workload.Profiler;
import io.dlioflink.workload.ProfilingConfig;
import io.dlioflink.workload.S3Client;
import io.dlioflink.workload.StorageConfig;
import io.dlioflink.workload.StorageType;
import io.dlioflink.workload.WorkflowConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Top level and the sections workflow, storage, output, profiling and metric. */
final class GeneralKeys {

  static final Key<Framework> FRAMEWORK =
      Key.of(
          "framework",
          enumOf(Framework.class),
          Framework.TENSORFLOW,
          w -> w.framework(),
          "Training framework whose I/O behaviour is emulated.");

  static final Key<Boolean> GENERATE_DATA =
      Key.of(
          "workflow.generate_data",
          BOOL,
          false,
          w -> w.workflow().generateData(),
          "Generate the dataset first.");
  static final Key<Boolean> TRAIN =
      Key.of("workflow.train", BOOL, true, w -> w.workflow().train(), "Run training epochs.");
  static final Key<Boolean> EVALUATION =
      Key.of(
          "workflow.evaluation",
          BOOL,
          false,
          w -> w.workflow().evaluation(),
          "Run evaluation passes between epochs.");
  static final Key<Boolean> CHECKPOINT =
      Key.of(
          "workflow.checkpoint",
          BOOL,
          false,
          w -> w.workflow().checkpoint(),
          "Write checkpoints; without training: write and read them in a loop.");
  static final Key<Boolean> PROFILING =
      Key.of(
          "workflow.profiling",
          BOOL,
          false,
          w -> w.workflow().profiling(),
          "Run the profiler of profiling.profiler.");
  static final Key<String> QUERY =
      Key.unread("workflow.query", "only DLIO's query program reads this");
  static final Key<String> DEBUG =
      Key.unread("workflow.debug", "nothing reads this, in DLIO either");

  static final Key<StorageType> STORAGE_TYPE =
      Key.of(
          "storage.storage_type",
          enumOf(StorageType.class),
          StorageType.LOCAL_FS,
          w -> w.storage().type(),
          "Storage back end.");
  static final Key<String> STORAGE_ROOT =
      Key.of(
          "storage.storage_root",
          FOLDER,
          ".",
          w -> w.storage().root(),
          "Folder that relative dataset folders start from; with storage_type s3 the bucket, which"
              + " relative checkpoint folders start from as well.");
  static final Key<Map<String, String>> STORAGE_OPTIONS =
      Key.of(
          "storage.storage_options",
          MappingTypes.OPTIONS,
          Map.of(),
          w -> w.storage().options(),
          "Options of the back end: access_key_id, secret_access_key, endpoint_url, region,"
              + " s3_force_path_style, s3_max_attempts; secrets are never shown.");
  static final Key<S3Client> S3_CLIENT =
      Key.of(
          "storage.s3.client",
          enumOf(S3Client.class),
          S3Client.LEAN,
          w -> w.storage().s3Client(),
          "Client that moves the bytes of s3:// locations (not a key of DLIO).");
  static final Key<List<String>> ENDPOINTS =
      Key.of(
          "storage.endpoints",
          oneOrListOf(TEXT, "an address such as http://host:9000 or a list of them"),
          List.of(),
          w -> w.storage().endpoints(),
          "Addresses of one object store that share the requests; none: endpoint_url, or"
              + " S3_ENDPOINT_URIS of the environment (not a key of DLIO).");
  static final Key<Optional<LoadBalance>> LOAD_BALANCE =
      Key.of(
          "storage.load_balance_strategy",
          optional(enumOf(LoadBalance.class)),
          Optional.empty(),
          w -> w.storage().loadBalanceIfSet(),
          "How requests are dealt to the endpoints; null: S3_LOAD_BALANCE_STRATEGY of the"
              + " environment, else round_robin (not a key of DLIO).");

  static final Key<Optional<String>> OUTPUT_FOLDER =
      Key.of(
          "output.folder",
          OPTIONAL_FOLDER,
          Optional.empty(),
          w -> w.output().folder(),
          "Folder of the result files.");
  static final Key<String> LOG_FILE =
      Key.of(
          "output.log_file", TEXT, "dlio.log", w -> w.output().logFile(), "Name of the log file.");
  static final Key<Integer> EXCLUDE_START_STEPS =
      Key.of(
          "output.metric.exclude_start_steps",
          integer(0),
          1,
          w -> w.output().excludeStartSteps(),
          "Steps at the start of every block that AU leaves out.");
  static final Key<Integer> EXCLUDE_END_STEPS =
      Key.of(
          "output.metric.exclude_end_steps",
          integer(0),
          0,
          w -> w.output().excludeEndSteps(),
          "Steps at the end of every block that AU leaves out.");

  static final Key<Profiler> PROFILER =
      Key.of(
          "profiling.profiler",
          enumOf(Profiler.class),
          Profiler.IOSTAT,
          w -> w.profiling().profiler(),
          "Profiler to run if workflow.profiling is true.");
  static final Key<List<String>> IOSTAT_DEVICES =
      Key.of(
          "profiling.iostat_devices",
          oneOrListOf(TEXT, "a device name or a list of them"),
          List.of(),
          w -> w.profiling().iostatDevices(),
          "Block devices whose counters iostat shows.");

  static final Key<Double> AU =
      Key.of(
          "metric.au",
          number(0, 1),
          0.90,
          w -> w.auThreshold(),
          "Accelerator utilization that counts as met, as a fraction.");

  /** In the order of the documentation. */
  static final List<Key<?>> ALL =
      List.of(
          FRAMEWORK,
          GENERATE_DATA,
          TRAIN,
          EVALUATION,
          CHECKPOINT,
          PROFILING,
          QUERY,
          DEBUG,
          STORAGE_TYPE,
          STORAGE_ROOT,
          STORAGE_OPTIONS,
          S3_CLIENT,
          ENDPOINTS,
          LOAD_BALANCE,
          OUTPUT_FOLDER,
          LOG_FILE,
          EXCLUDE_START_STEPS,
          EXCLUDE_END_STEPS,
          PROFILER,
          IOSTAT_DEVICES,
          AU);

  private GeneralKeys() {}

  static WorkflowConfig workflow(Values values) {
    return new WorkflowConfig(
        values.get(GENERATE_DATA),
        values.get(TRAIN),
        values.get(EVALUATION),
        values.get(CHECKPOINT),
        values.get(PROFILING));
  }

  static StorageConfig storage(Values values) {
    return new StorageConfig(
        values.get(STORAGE_TYPE),
        values.get(STORAGE_ROOT),
        values.get(STORAGE_OPTIONS),
        values.get(S3_CLIENT),
        values.get(ENDPOINTS),
        values.get(LOAD_BALANCE).orElse(null));
  }

  static OutputConfig output(Values values) {
    return new OutputConfig(
        values.get(OUTPUT_FOLDER).orElse(null),
        values.get(LOG_FILE),
        values.get(EXCLUDE_START_STEPS),
        values.get(EXCLUDE_END_STEPS));
  }

  static ProfilingConfig profiling(Values values) {
    return new ProfilingConfig(values.get(PROFILER), values.get(IOSTAT_DEVICES));
  }
}
