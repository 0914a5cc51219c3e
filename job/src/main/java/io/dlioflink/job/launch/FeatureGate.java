/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import io.dlioflink.format.SampleFormats;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storages;
import io.dlioflink.workload.CheckpointConfig;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.DataLoader;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.FileFormat;
import io.dlioflink.workload.ReadType;
import io.dlioflink.workload.ReaderConfig;
import io.dlioflink.workload.SampleOrderStrategy;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.StorageType;
import io.dlioflink.workload.Workload;
import java.util.ArrayList;
import java.util.List;

/** Says what a workload asks for that this version would get wrong. */
final class FeatureGate {
  private final Workload workload;
  private final List<String> refusals = new ArrayList<>();

  private FeatureGate(Workload workload) {
    this.workload = workload;
  }

  /** What cannot run, each with the key and a way out; empty if everything can. */
  static List<String> refusals(
      Workload workload, Location dataset, Location output, boolean train, int accelerators) {
    FeatureGate gate = new FeatureGate(workload);
    gate.storage(dataset, "dataset.data_folder");
    gate.storage(output, "output.folder");
    gate.format();
    if (train) {
      gate.reader();
      gate.checkpoints(accelerators);
      if (!workload.dataset().keepFiles()) {
        gate.refuse("dataset.keep_files: false", "delete the folder yourself");
      }
    }
    return gate.refusals;
  }

  private void storage(Location location, String key) {
    if (!Storages.schemes().contains(location.scheme())) {
      refuse(
          key + ": " + location,
          "available are " + String.join(", ", Storages.schemes()) + " and plain paths");
    }
    StorageType type = workload.storage().type();
    if (location.isLocal() && type != StorageType.LOCAL_FS && key.startsWith("dataset")) {
      refuse("storage.storage_type: " + type.yamlName(), "available is local_fs");
    }
  }

  private void format() {
    DatasetConfig dataset = workload.dataset();
    String name = dataset.format().yamlName();
    if (SampleFormats.find(dataset.format()).isEmpty()) {
      refuse("dataset.format: " + name, "available are npy and npz");
    }
    boolean packable = dataset.format() == FileFormat.NPZ;
    if (dataset.compression() != Compression.NONE
        && !(packable && dataset.compression() == Compression.ZIP)) {
      refuse(
          "dataset.compression: %s with format %s"
              .formatted(dataset.compression().yamlName(), name),
          "available are none, and zip for npz");
    }
  }

  private void reader() {
    ReaderConfig reader = workload.reader();
    if (reader.dataLoader() == DataLoader.SYNTHETIC
        || reader.dataLoader() == DataLoader.CUSTOM
        || reader.dataLoader() == DataLoader.NONE) {
      refuse("reader.data_loader: " + reader.dataLoader().yamlName(), "use pytorch");
    }
    if (reader.sampleOrder() == SampleOrderStrategy.DLIO
        && reader.dataLoader() != DataLoader.PYTORCH) {
      refuse(
          "reader.sample_order: dlio with data_loader " + reader.dataLoader().yamlName(),
          "use declared, or the pytorch loader");
    }
    reader
        .readerClassname()
        .ifPresent(name -> refuse("reader.reader_classname: " + name, "leave it out"));
    reader
        .dataLoaderClassname()
        .ifPresent(name -> refuse("reader.data_loader_classname: " + name, "leave it out"));
    if (reader.readType() == ReadType.MEMORY) {
      refuse("reader.read_type: memory", "use on_demand");
    }
  }

  private void checkpoints(int accelerators) {
    CheckpointConfig checkpoint = workload.checkpoint();
    if (!workload.workflow().checkpoint()) {
      return;
    }
    int every = checkpoint.stepsBetweenCheckpoints();
    long steps = StepPlan.of(workload, DatasetPart.TRAIN, accelerators).steps();
    boolean inEpoch = every > 0 && steps >= every;
    boolean afterEpoch =
        every < 0
            && checkpoint.checkpointAfterEpoch() >= 1
            && workload.train().epochs() >= checkpoint.checkpointAfterEpoch();
    if (inEpoch || afterEpoch) {
      refuse(
          "workflow.checkpoint: true, which in this run means a checkpoint "
              + (inEpoch
                  ? "every %d steps".formatted(every)
                  : "after epoch %d".formatted(checkpoint.checkpointAfterEpoch())),
          "set ++workload.workflow.checkpoint=False to measure training alone");
    }
  }

  private void refuse(String what, String wayOut) {
    refusals.add(what + " is not supported yet; " + wayOut);
  }
}
