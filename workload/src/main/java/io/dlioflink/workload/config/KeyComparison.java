/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.config.KeyCompatibility.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What each key does here, compared with DLIO's {@code main}. An entry for a section holds for the
 * keys below it that have none of their own.
 */
final class KeyComparison {

  private static final List<String> SAME =
      List.of(
          "framework",
          "workflow.generate_data",
          "workflow.train",
          "workflow.evaluation",
          "workflow.checkpoint",
          "output.folder",
          "output.metric.exclude_start_steps",
          "output.metric.exclude_end_steps",
          "metric.au",
          "model.name",
          "model.type",
          "model.model_size_bytes",
          "model.model_datatype",
          "model.optimizer_datatype",
          "model.optimization_groups",
          "model.num_layers",
          "model.layer_parameters",
          "model.parallelism.tensor",
          "model.parallelism.pipeline",
          "model.parallelism.data",
          "model.parallelism.zero_stage",
          "model.transformer.hidden_size",
          "model.transformer.ffn_hidden_size",
          "model.transformer.vocab_size",
          "model.transformer.num_attention_heads",
          "model.transformer.num_kv_heads",
          "dataset.record_length_bytes_stdev",
          "dataset.num_files_train",
          "dataset.num_files_eval",
          "dataset.num_samples_per_file",
          "dataset.file_prefix",
          "dataset.record_element_type",
          "dataset.record_dims",
          "dataset.hdf5.num_dset_per_record",
          "dataset.hdf5.chunk_dims",
          "dataset.hdf5.max_shape",
          "reader.batch_size",
          "reader.batch_size_eval",
          "reader.prefetch_size",
          "reader.preprocess_time_stdev",
          "train.epochs",
          "train.computation_time",
          "train.computation_time_stdev",
          "train.seed_change_epoch",
          "evaluation.eval_time",
          "evaluation.eval_time_stdev",
          "evaluation.eval_after_epoch",
          "evaluation.epochs_between_evals",
          "checkpoint.checkpoint_after_epoch",
          "checkpoint.epochs_between_checkpoints",
          "checkpoint.steps_between_checkpoints",
          "checkpoint.mode",
          "checkpoint.rank_sync",
          "checkpoint.time_between_checkpoints",
          "checkpoint.num_checkpoints_write",
          "checkpoint.num_checkpoints_read");

  private static final Map<String, KeyCompatibility> ENTRIES = new HashMap<>();

  static {
    SAME.forEach(key -> put(key, Kind.SAME, ""));
    workflow();
    storage();
    output();
    profiling();
    model();
    dataset();
    reader();
    train();
    checkpoint();
    put("framework_profiles", Kind.OURS, "");
    put("pytorch_config", Kind.OURS, "");
    put("tensorflow_config", Kind.OURS, "");
    put("jax_config", Kind.OURS, "");
  }

  private KeyComparison() {}

  /** The entry of a key; empty if nobody has compared it yet. */
  static Optional<KeyCompatibility> find(String path) {
    for (String above = path; !above.isEmpty(); above = parent(above)) {
      if (ENTRIES.containsKey(above)) {
        return Optional.of(ENTRIES.get(above));
      }
    }
    return Optional.empty();
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('.')));
  }

  private static void put(String path, Kind kind, String sentence) {
    if (ENTRIES.put(path, new KeyCompatibility(kind, sentence)) != null) {
      throw new IllegalStateException("Compared twice: " + path);
    }
  }

  private static void workflow() {
    put("workflow.profiling", Kind.SAME, "see profiling.profiler");
    put("workflow.query", Kind.SAME, "only the query program reads it");
    put("workflow.debug", Kind.SAME, "neither reads it");
  }

  private static void storage() {
    put(
        "storage.storage_type",
        Kind.SAME,
        "local_fs and s3; schemes of locations decide as well (az://, gs://). aistore is refused: "
            + "its S3 gateway serves s3; so is parallel_fs, which DLIO's documentation names and "
            + "its code rejects");
    put(
        "storage.storage_root",
        Kind.SAME,
        "URIs are understood as well; s3: a data_folder without a scheme is a prefix of keys in "
            + "this bucket, as in DLIO with tensorflow");
    put(
        "storage.storage_options",
        Kind.SAME,
        "masked in all output; without keys the credentials of the environment are used; true and "
            + "false may be YAML booleans, on which DLIO stumbles");
    put("storage.s3.client", Kind.OURS, "");
    put("storage.endpoints", Kind.OURS, "");
    put("storage.load_balance_strategy", Kind.OURS, "");
  }

  private static void output() {
    put("output.log_file", Kind.SAME, "");
  }

  private static void profiling() {
    put(
        "profiling.profiler",
        Kind.FIXED,
        "iostat: device counters as a time series; others are a notice");
    put("profiling.iostat_devices", Kind.SAME, "");
  }

  private static void model() {
    put(
        "model.model_size",
        Kind.SAME,
        "neither reads it, a notice says so: DLIO's own unet3d checkpoints "
            + "have 10 KiB because of it");
  }

  private static void dataset() {
    put(
        "dataset.record_length_bytes",
        Kind.FIXED,
        "MB/s are computed from it in every run; in DLIO it is 1 after a "
            + "generation in the same process");
    put(
        "dataset.record_length_bytes_resize",
        Kind.NO_EFFECT,
        "the size of a batch in memory: no batch is held here, and bytes read "
            + "do not depend on it");
    put("dataset.data_folder", Kind.SAME, "URIs are understood as well");
    put(
        "dataset.num_subfolders_train",
        Kind.FIXED,
        "1 is flat, as DLIO generates it; DLIO then refuses to train");
    put("dataset.num_subfolders_eval", Kind.FIXED, "as num_subfolders_train");
    put(
        "dataset.format",
        Kind.FIXED,
        "parquet is ours; hdf5_opt is refused, since DLIO has neither "
            + "generator nor reader for it");
    put(
        "dataset.compression",
        Kind.FIXED,
        "does what it says where the format carries it; DLIO does not "
            + "compress npz, writes csv it cannot read again, and fails on an "
            + "explicit none with hdf5");
    put(
        "dataset.compression_level",
        Kind.FIXED,
        "counts for every codec that has levels; in DLIO for gzip in hdf5 " + "only");
    put(
        "dataset.enable_chunking",
        Kind.FIXED,
        "chunks hdf5 as the branch of MLPerf Storage v2.0 does; DLIO's main "
            + "reads it and does not use it");
    put("dataset.chunk_size", Kind.FIXED, "as enable_chunking");
    put(
        "dataset.keep_files",
        Kind.FIXED,
        "false deletes only what carries our marker; DLIO deletes the whole " + "data folder");
    put(
        "dataset.generation_buffer_size",
        Kind.NO_EFFECT,
        "files are streamed; DLIO repeats one buffer and starts offsets anew " + "with each");
    put("dataset.parquet.num_columns", Kind.OURS, "");
    put("dataset.parquet.row_group_bytes", Kind.OURS, "");
    put("dataset.parquet.read_columns", Kind.OURS, "");
    put("dataset.content_seed", Kind.OURS, "");
    put("dataset.compress_ratio", Kind.OURS, "");
    put("dataset.dedupe_ratio", Kind.OURS, "");
    put("dataset.record_length", Kind.SAME, "neither reads it, a notice names the right key");
    put("dataset.record_length_stdev", Kind.SAME, "neither reads it, a notice names the right key");
    put(
        "dataset.record_length_resize",
        Kind.SAME,
        "neither reads it, a notice names the right key");
    put("dataset.num_dset_per_record", Kind.SAME, "neither reads it, a notice names the right key");
    put("dataset.chunk_dims", Kind.SAME, "neither reads it, a notice names the right key");
    put("dataset.max_shape", Kind.SAME, "neither reads it, a notice names the right key");
    put("dataset.record_element_bytes", Kind.SAME, "neither uses it: the element type decides");
  }

  private static void reader() {
    put(
        "reader.data_loader",
        Kind.FIXED,
        "by default every loader reads what the shuffles say; with "
            + "sample_order dlio what DLIO's loader reads, see below");
    put("reader.data_loader_classname", Kind.UNSUPPORTED, "it names a Python class; refused");
    put(
        "reader.data_loader_sampler",
        Kind.NO_EFFECT,
        "follows from loader and reader.sample_order; DLIO's main fails "
            + "without it for native_dali and synthetic");
    put(
        "reader.reader_classname",
        Kind.UNSUPPORTED,
        "it names a class of Java, not of Python: docs/reader-plugin.md");
    put(
        "reader.read_threads",
        Kind.SAME,
        "threads instead of processes; with 0 pytorch reads while the accelerator waits, the others"
            + " have one thread");
    put(
        "reader.computation_threads",
        Kind.NO_EFFECT,
        "the thread that reads a sample also parses it");
    put("reader.pin_memory", Kind.NO_EFFECT, "there are no copies to a device");
    put("reader.multiprocessing_context", Kind.NO_EFFECT, "readers are threads");
    put(
        "reader.file_shuffle",
        Kind.FIXED,
        "does what is written, with every loader; in DLIO any written value, "
            + "off included, switches it on, and the pytorch and dali loaders "
            + "ignore it");
    put(
        "reader.sample_shuffle",
        Kind.FIXED,
        "does what is written, with every loader; in DLIO it changes nothing "
            + "that is read, except for TFRecord. An unquoted off is off, where "
            + "DLIO fails");
    put(
        "reader.shuffle_size",
        Kind.FIXED,
        "with sample_order dlio the buffer of TFRecord and native_dali, as in DLIO; else shuffles"
            + " are permutations of all samples, without a buffer");
    put(
        "reader.read_type",
        Kind.FIXED,
        "does what is written; in DLIO any written value, on_demand included, "
            + "keeps files open");
    put("reader.file_access", Kind.SAME, "neither uses it");
    put(
        "reader.transfer_size",
        Kind.FIXED,
        "bytes of a read request with every loader and format; in DLIO of " + "TFRecord only");
    put(
        "reader.preprocess_time",
        Kind.FIXED,
        "for every sample; DLIO leaves it out for TFRecord, and so does sample_order dlio");
    put(
        "reader.odirect",
        Kind.FIXED,
        "every format, and the report says how the bytes really came; DLIO "
            + "has it for npy and npz, in one read of at most 2 GiB");
    put("reader.dont_use_mmap", Kind.NO_EFFECT, "nothing is mapped into memory");
    put(
        "reader.transformed_record_dims",
        Kind.NO_EFFECT,
        "the shape of a batch in memory: no batch is held here");
    put("reader.transformed_record_element_type", Kind.NO_EFFECT, "as transformed_record_dims");
    put("reader.sample_order", Kind.OURS, "");
    put("reader.ordered", Kind.OURS, "");
  }

  private static void train() {
    put(
        "train.total_training_steps",
        Kind.FIXED,
        "caps each epoch, as in DLIO; more than the data suffice for is a "
            + "notice, where DLIO exits");
    put(
        "train.seed",
        Kind.FIXED,
        "of every loader; DLIO's pytorch and dali loaders read without " + "shuffling");
  }

  private static void checkpoint() {
    put(
        "checkpoint.checkpoint_folder",
        Kind.FIXED,
        "also `direct://`; a checkpoint is there whole or not at all");
    put("checkpoint.type", Kind.SAME, "neither uses it; the ZeRO stage decides who writes");
    put(
        "checkpoint.fsync",
        Kind.FIXED,
        "really forces files to stable storage; DLIO stores it under another "
            + "name and never does");
    put(
        "checkpoint.recovery_rank_shift",
        Kind.FIXED,
        "each rank reads what the rank one host on wrote; with all ranks on one "
            + "host its own, with a notice");
    put(
        "checkpoint.randomize_tensor",
        Kind.FIXED,
        "random bytes are a function of a seed, so that reading can check "
            + "them; DLIO's cannot be checked");
    put("checkpoint.checkpoint_mechanism_classname", Kind.UNSUPPORTED, "it names a Python class");
    put(
        "checkpoint.ksm",
        Kind.NO_EFFECT,
        "no tensors are held in memory, so there are no pages to merge");
    put("checkpoint.compression", Kind.OURS, "");
    put("checkpoint.compression_level", Kind.OURS, "");
    put("checkpoint.model_size", Kind.SAME, "neither reads it");
  }
}
