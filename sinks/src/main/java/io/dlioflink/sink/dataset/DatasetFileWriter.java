/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

import io.dlioflink.format.DatasetFile;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.format.StoredFileTarget;
import io.dlioflink.format.content.RandomContent;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.SampleShapes;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes single dataset files by number; one per thread. */
final class DatasetFileWriter implements FileThreads.FileWorker<WriteRequest> {

  /** Where and what. */
  record Target(
      Storage storage,
      Location root,
      DatasetLayout layout,
      SampleShapes shapes,
      DatasetConfig dataset) {

    static Target of(Storage storage, Location root, DatasetConfig dataset) {
      return new Target(
          storage, root, DatasetLayout.of(dataset), SampleShapes.of(dataset), dataset);
    }
  }

  private final Target target;
  private final SampleFormat format;
  private final WriteTelemetry telemetry;
  private final SampleFileEncoder encoder;
  private final SampleContent content;

  DatasetFileWriter(Target target, SampleFormat format, WriteTelemetry telemetry) {
    this.target = target;
    this.format = format;
    this.telemetry = telemetry;
    this.encoder = format.newEncoder();
    this.content = RandomContent.of(target.dataset().content());
  }

  @Override
  public void work(WriteRequest request) throws IOException {
    for (long fileNumber : request.fileNumbers()) {
      write(fileNumber, request.keepComplete());
    }
  }

  void write(long fileNumber, boolean keepComplete) throws IOException {
    FileSpec spec = FileSpec.of(target.dataset(), target.shapes(), fileNumber);
    DatasetFile file = new DatasetFile(target.root(), path(fileNumber));
    if (keepComplete && isComplete(file, format.fileLengthBytes(spec))) {
      telemetry.present();
      return;
    }
    long start = System.nanoTime();
    long bytes;
    try (StoredFileTarget output = new StoredFileTarget(target.storage(), file, format)) {
      encoder.encode(spec, content, output);
      output.commit();
      bytes = output.writtenBytes();
    }
    telemetry.written(bytes, System.nanoTime() - start);
  }

  private String path(long fileNumber) {
    long train = target.layout().fileCount(DatasetPart.TRAIN);
    return fileNumber < train
        ? target.layout().relativePath(DatasetPart.TRAIN, fileNumber)
        : target.layout().relativePath(DatasetPart.VALID, fileNumber - train);
  }

  /**
   * A file appears complete or not at all, so one of unknown length only has to be there. Not so
   * after a crash of the host: that some file systems leave empty ones is looked after, the rest is
   * for a verification.
   */
  private boolean isComplete(DatasetFile file, OptionalLong expected) throws IOException {
    Optional<StorageEntry> entry = target.storage().stat(file.location());
    if (entry.isEmpty()
        || entry.get().lengthBytes() != expected.orElse(Math.max(1, entry.get().lengthBytes()))) {
      return false;
    }
    for (String companion : format.companionPaths(file.path())) {
      Optional<StorageEntry> beside = target.storage().stat(target.root().child(companion));
      if (beside.isEmpty() || beside.get().lengthBytes() == 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    encoder.close();
  }
}
