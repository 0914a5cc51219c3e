/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.DataLoader;
import io.dlioflink.workload.ElementType;
import io.dlioflink.workload.FileFormat;
import io.dlioflink.workload.SampleOrderStrategy;
import io.dlioflink.workload.Shuffle;
import io.dlioflink.workload.Workload;
import java.util.List;

/**
 * Tells whoever set a key that DLIO does something else with it, usually nothing. Source: what
 * DLIO's loaders and {@code utils/config.py} do with the values.
 */
final class Notices {

  private final Values values;
  private final Workload workload;
  private final List<Problem> problems;

  private Notices(Values values, Workload workload, List<Problem> problems) {
    this.values = values;
    this.workload = workload;
    this.problems = problems;
  }

  static void run(Values values, Workload workload, List<Problem> problems) {
    Notices notices = new Notices(values, workload, problems);
    for (Key<?> key : WorkloadKeys.TABLE) {
      key.notice().ifPresent(text -> notices.ifSet(key, text));
    }
    notices.dataset();
    if (workload.reader().dataLoader() == DataLoader.PYTORCH) {
      notices.pytorch();
    } else if (workload.reader().fileShuffle() == Shuffle.OFF) {
      notices.ifSet(
          ReaderKeys.FILE_SHUFFLE,
          "DLIO shuffles for any written value, also 'off'; dlio-flink does what is written");
    }
    notices.loader();
    notices.ifSet(
        ReaderKeys.READ_TYPE,
        "DLIO keeps files open for any written value, also 'on_demand'; dlio-flink does what is"
            + " written");
  }

  private void dataset() {
    ElementType written = values.get(DatasetKeys.ELEMENT_TYPE);
    if (DatasetKeys.isImage(values) && written != ElementType.UINT8) {
      ifSet(
          DatasetKeys.ELEMENT_TYPE,
          "%s is always uint8; '%s' is ignored"
              .formatted(workload.dataset().format().yamlName(), written.yamlName()));
    }
  }

  /** What the other loaders make of the shuffles in DLIO's order. */
  private void loader() {
    DataLoader loader = workload.reader().dataLoader();
    boolean tfrecord = workload.dataset().format() == FileFormat.TFRECORD;
    if (loader == DataLoader.TENSORFLOW && tfrecord) {
      ifSet(
          ReaderKeys.COMPUTATION_THREADS,
          "no threads of their own: the thread that reads a sample also decodes it");
    }
    if (workload.reader().sampleOrder() != SampleOrderStrategy.DLIO) {
      return;
    }
    String name = loader.yamlName();
    boolean sampleIgnored =
        loader == DataLoader.DALI || (loader == DataLoader.TENSORFLOW && !tfrecord);
    boolean fileIgnored = loader == DataLoader.NATIVE_DALI || loader == DataLoader.DALI || tfrecord;
    String ignored = "DLIO's %s loader reads the same with and without (reader.sample_order=dlio)";
    if (sampleIgnored && workload.reader().sampleShuffle() != Shuffle.OFF) {
      ifSet(ReaderKeys.SAMPLE_SHUFFLE, ignored.formatted(name));
    }
    if (fileIgnored && workload.reader().fileShuffle() != Shuffle.OFF) {
      ifSet(ReaderKeys.FILE_SHUFFLE, ignored.formatted(name));
    }
  }

  private void pytorch() {
    String ignored = "DLIO's pytorch loader ignores this; ";
    String order =
        ignored
            + (workload.reader().sampleOrder() == SampleOrderStrategy.DECLARED
                ? "dlio-flink honours it (reader.sample_order=declared)"
                : "so does dlio-flink (reader.sample_order=dlio)");
    if (workload.reader().fileShuffle() != Shuffle.OFF) {
      ifSet(ReaderKeys.FILE_SHUFFLE, order);
    }
    if (workload.reader().sampleShuffle() != Shuffle.OFF) {
      ifSet(ReaderKeys.SAMPLE_SHUFFLE, order);
    }
    ifSet(ReaderKeys.SHUFFLE_SIZE, ignored + "so does dlio-flink");
    ifSet(ReaderKeys.TRANSFER_SIZE, ignored + "dlio-flink reads in requests of this size");
    ifSet(ReaderKeys.COMPUTATION_THREADS, ignored + "so does dlio-flink");
    ifSet(TrainingKeys.SEED, order);
    ifSet(TrainingKeys.SEED_CHANGE_EPOCH, order);
  }

  private void ifSet(Key<?> key, String message) {
    if (values.isSet(key) && !values.failed(key)) {
      problems.add(Problem.notice(values.origin(key).toString(), key.path(), message));
    }
  }
}
