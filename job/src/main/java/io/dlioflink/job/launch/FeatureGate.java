/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import io.dlioflink.format.DecoderFactories;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.format.SampleFormats;
import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storages;
import io.dlioflink.workload.CheckpointCompression;
import io.dlioflink.workload.CheckpointConfig;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.DataLoader;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.FileFormat;
import io.dlioflink.workload.Framework;
import io.dlioflink.workload.Profiler;
import io.dlioflink.workload.ReadType;
import io.dlioflink.workload.ReaderConfig;
import io.dlioflink.workload.SampleShapes;
import io.dlioflink.workload.StorageType;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.YamlName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says what a workload asks for that this version would get wrong. */
final class FeatureGate {
  private static final Set<Compression> DLIO_COMPRESSIONS =
      Set.of(Compression.GZIP, Compression.LZF, Compression.BZ2, Compression.ZIP, Compression.XZ);
  private static final Set<FileFormat> COMPRESSED_BY_DLIO = Set.of(FileFormat.HDF5, FileFormat.CSV);

  private final Workload workload;
  private final ClassLoader plugins;
  private final List<String> refusals = new ArrayList<>();

  private FeatureGate(Workload workload, ClassLoader plugins) {
    this.workload = workload;
    this.plugins = plugins;
  }

  /** What cannot run, each with the key and a way out; empty if everything can. */
  static List<String> refusals(
      Workload workload,
      Location dataset,
      Location checkpoints,
      Location output,
      Set<Phase> phases,
      ClassLoader plugins) {
    FeatureGate gate = new FeatureGate(workload, plugins);
    gate.storageType();
    gate.storage(output, "output.folder");
    gate.kept(output, "output.folder");
    if (phases.contains(Phase.CHECKPOINT)
        || (phases.contains(Phase.TRAIN) && workload.workflow().checkpoint())) {
      gate.checkpoints(checkpoints);
    }
    if (phases.equals(Set.of(Phase.CHECKPOINT))) {
      return gate.refusals;
    }
    gate.storage(dataset, "dataset.data_folder");
    gate.format(phases.contains(Phase.GENERATE));
    if (!phases.equals(Set.of(Phase.GENERATE))) {
      gate.plugin();
    }
    if (phases.contains(Phase.TRAIN)) {
      gate.reader();
    }
    return gate.refusals;
  }

  private void storage(Location location, String key) {
    StorageType type = workload.storage().type();
    if (location.isLocal() && type == StorageType.S3 && key.startsWith("dataset")) {
      refusals.add(
          "storage.storage_type: %s with %s: %s, a folder of a mounted file system; give a prefix of the bucket or a URI, or leave out storage_type"
              .formatted(type.yamlName(), key, location));
      return;
    }
    Optional<String> problem = WorkloadLocations.problem(location, key);
    if (problem.isPresent()) {
      refusals.add(problem.get());
    } else if (!Storages.schemes().contains(location.scheme())) {
      refuse(
          key + ": " + location,
          "available are " + String.join(", ", Storages.schemes()) + " and plain paths");
    }
  }

  /** Only datasets can be derived where nothing is kept. */
  private void kept(Location location, String key) {
    if (location.isNowhere()) {
      refuse(key + ": " + location + ", which keeps nothing,", "it serves datasets alone");
    }
  }

  /** DLIO's names of back ends that do not say how a store is spoken to here. */
  private void storageType() {
    StorageType type = workload.storage().type();
    if (type == StorageType.AISTORE) {
      refuse(
          "storage.storage_type: aistore",
          "use s3 with endpoint_url: http://HOST:51080/s3, AIStore's S3 gateway");
    } else if (type == StorageType.PARALLEL_FS) {
      refuse("storage.storage_type: parallel_fs", "use local_fs with the folder it is mounted at");
    }
  }

  private void format(boolean written) {
    DatasetConfig dataset = workload.dataset();
    Optional<SampleFormat> format = SampleFormats.find(dataset.format());
    if (format.isEmpty()) {
      refuse(
          "dataset.format: " + dataset.format().yamlName(),
          "available are " + names(SampleFormats.available()));
    } else if (!carried(format.get()) && !ignoredByDlio(dataset)) {
      refuse(
          "dataset.compression: %s with format %s"
              .formatted(dataset.compression().yamlName(), dataset.format().yamlName()),
          "available are "
              + names(
                  Stream.concat(
                      Stream.of(Compression.NONE), format.get().compressions().stream().sorted())));
    } else if (written) {
      encoding(format.get());
    }
  }

  /** What a format cannot write of a dataset, it says when asked for its sizes. */
  private void encoding(SampleFormat format) {
    DatasetConfig dataset = workload.dataset();
    FileSpec file = FileSpec.of(dataset, SampleShapes.of(dataset), 0);
    try {
      format.fileLengthBytes(file);
      format.sampleBytes(file);
    } catch (IllegalArgumentException e) {
      refusals.add("dataset.format: %s: %s".formatted(dataset.format().yamlName(), e.getMessage()));
    }
  }

  private boolean carried(SampleFormat format) {
    Compression compression = workload.dataset().compression();
    return compression == Compression.NONE || format.compressions().contains(compression);
  }

  /** What DLIO accepts for formats whose generators do not look at it. */
  private static boolean ignoredByDlio(DatasetConfig dataset) {
    return DLIO_COMPRESSIONS.contains(dataset.compression())
        && !COMPRESSED_BY_DLIO.contains(dataset.format())
        && dataset.format() != FileFormat.PARQUET;
  }

  private static String names(Stream<? extends YamlName> values) {
    return values.map(YamlName::yamlName).collect(Collectors.joining(", "));
  }

  /** What a workload means here and would not mean in DLIO, or the reverse. */
  static List<String> notices(Workload workload) {
    return Stream.of(profiler(workload), compression(workload), objectStore(workload))
        .flatMap(notices -> notices)
        .toList();
  }

  private static Stream<String> objectStore(Workload workload) {
    List<String> notices = new ArrayList<>();
    Location dataset = WorkloadLocations.dataset(workload);
    if (dataset.isNowhere()) {
      return Stream.of(
          "dataset.data_folder: %s keeps nothing: no figure is that of a storage"
              .formatted(dataset));
    }
    if (!dataset.isLocal() && workload.reader().odirect()) {
      notices.add(
          "reader.odirect has no effect on %s://: nothing of it is in a page cache"
              .formatted(dataset.scheme()));
    }
    String root = workload.storage().root();
    boolean otherBucket =
        workload.storage().type() == StorageType.S3
            && dataset.scheme().equals("s3")
            && !root.contains("://")
            && !root.equals(".")
            && !root.replaceFirst("^(\\.?/)+", "")
                .replaceFirst("/.*", "")
                .equals(dataset.authority());
    if (otherBucket) {
      notices.add(
          "storage.storage_root: %s is not the bucket of dataset.data_folder, %s; the latter is used, as in DLIO"
              .formatted(root, dataset.authority()));
    }
    return notices.stream();
  }

  private static Stream<String> profiler(Workload workload) {
    Profiler profiler = workload.profiling().profiler();
    boolean ours = profiler == Profiler.IOSTAT || profiler == Profiler.NONE;
    return workload.workflow().profiling() && !ours
        ? Stream.of(
            "profiling.profiler: %s is not run; iostat records device counters"
                .formatted(profiler.yamlName()))
        : Stream.empty();
  }

  private static Stream<String> compression(Workload workload) {
    DatasetConfig dataset = workload.dataset();
    Optional<SampleFormat> format = SampleFormats.find(dataset.format());
    if (dataset.compression() == Compression.NONE
        || format.isEmpty()
        || COMPRESSED_BY_DLIO.contains(dataset.format())
        || dataset.format() == FileFormat.PARQUET) {
      return Stream.empty();
    }
    String name = dataset.format().yamlName();
    String compression = dataset.compression().yamlName();
    return Stream.of(
        format.get().compressions().contains(dataset.compression())
            ? "dataset.compression: DLIO does not compress %s; dlio-flink does, with %s"
                .formatted(name, compression)
            : "dataset.compression: %s has no effect on %s, as in DLIO"
                .formatted(compression, name));
  }

  private void plugin() {
    Optional<String> name = workload.reader().readerClassname();
    if (name.isPresent()) {
      try {
        DecoderFactories.find(workload.dataset().format(), name, plugins);
      } catch (IllegalArgumentException e) {
        refusals.add("reader.reader_classname: " + e.getMessage());
      }
    }
  }

  private void reader() {
    ReaderConfig reader = workload.reader();
    String loader =
        reader
            .dataLoaderClassname()
            .map(name -> "reader.data_loader_classname: " + name)
            .orElse("reader.data_loader: " + reader.dataLoader().yamlName());
    if (reader.dataLoaderClassname().isPresent()
        || reader.dataLoader() == DataLoader.CUSTOM
        || reader.dataLoader() == DataLoader.NONE) {
      refusals.add(
          loader
              + " cannot run: a loader of your own is Python code; name the loader it resembles"
              + " with reader.data_loader (pytorch, tensorflow, dali, native_dali or synthetic),"
              + " and for a file format of your own a class with reader.reader_classname"
              + " (docs/reader-plugin.md)");
    }
    if (reader.readType() == ReadType.MEMORY) {
      refusals.add(
          "reader.read_type: memory is not supported: from the second epoch on it would measure"
              + " memory instead of storage; use on_demand, with the page cache if repeated reads"
              + " may come from memory");
    }
  }

  private void checkpoints(Location folder) {
    CheckpointConfig checkpoint = workload.checkpoint();
    storage(folder, "checkpoint.checkpoint_folder");
    kept(folder, "checkpoint.checkpoint_folder");
    checkpoint
        .mechanismClassname()
        .ifPresent(
            name -> refuse("checkpoint.checkpoint_mechanism_classname: " + name, "leave it out"));
    if (workload.framework() == Framework.TENSORFLOW
        && checkpoint.compression() != CheckpointCompression.NONE) {
      refuse(
          "checkpoint.compression: %s with framework tensorflow"
              .formatted(checkpoint.compression().yamlName()),
          "use none, or framework pytorch");
    }
  }

  private void refuse(String what, String wayOut) {
    refusals.add(what + " is not supported yet; " + wayOut);
  }
}
