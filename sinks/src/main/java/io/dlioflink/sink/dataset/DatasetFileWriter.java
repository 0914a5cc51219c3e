/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.format.content.RandomContent;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.SampleShapes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes single dataset files by number; one per thread. */
final class DatasetFileWriter implements Closeable {

  /** Where and what. */
  record Target(
      Storage storage,
      Location root,
      DatasetLayout layout,
      SampleShapes shapes,
      DatasetConfig dataset) {}

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
    this.content = new RandomContent(target.dataset().contentSeed());
  }

  void write(long fileNumber, boolean keepComplete) throws IOException {
    FileSpec spec = FileSpec.of(target.dataset(), target.shapes(), fileNumber);
    Location file = target.root().child(path(fileNumber));
    if (keepComplete && isComplete(file, format.fileLengthBytes(spec))) {
      telemetry.present();
      return;
    }
    long start = System.nanoTime();
    CountingWriter counting = new CountingWriter(target.storage().openWriter(file));
    try (counting) {
      encoder.encode(spec, content, counting);
      counting.commit();
    }
    telemetry.written(counting.bytes, System.nanoTime() - start);
  }

  private String path(long fileNumber) {
    long train = target.layout().fileCount(DatasetPart.TRAIN);
    return fileNumber < train
        ? target.layout().relativePath(DatasetPart.TRAIN, fileNumber)
        : target.layout().relativePath(DatasetPart.VALID, fileNumber - train);
  }

  private boolean isComplete(Location file, OptionalLong expected) throws IOException {
    if (expected.isEmpty()) {
      return false;
    }
    Optional<StorageEntry> entry = target.storage().stat(file);
    return entry.isPresent() && entry.get().lengthBytes() == expected.getAsLong();
  }

  @Override
  public void close() {
    encoder.close();
  }

  private static final class CountingWriter implements StorageWriter {
    private final StorageWriter delegate;
    private long bytes;

    CountingWriter(StorageWriter delegate) {
      this.delegate = delegate;
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
      bytes += source.remaining();
      delegate.write(source);
    }

    @Override
    public void sync() throws IOException {
      delegate.sync();
    }

    @Override
    public void commit() throws IOException {
      delegate.commit();
    }

    @Override
    public void close() throws IOException {
      delegate.close();
    }
  }
}
