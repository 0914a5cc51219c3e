/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.SampleFormats;
import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.SampleShapes;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Answers for every file of a dataset that it is there, without any of them; nothing else. Files
 * far from the start are said to be empty: a real storage does not draw sizes, and neither shall
 * this one where the survey does not compare them.
 */
final class DerivedStorage implements Storage {
  private static final long SIZED_FILES = 1 << 17;

  private final DatasetConfig dataset;
  private final DatasetLayout layout;
  private final SampleShapes shapes;
  private final Location root;
  private long lookedUp;

  DerivedStorage(DatasetConfig dataset, Location root) {
    this.dataset = dataset;
    this.layout = DatasetLayout.of(dataset);
    this.shapes = SampleShapes.of(dataset);
    this.root = root;
  }

  /** How many files somebody asked for. */
  long lookedUp() {
    return lookedUp;
  }

  @Override
  public Optional<StorageEntry> stat(Location file) {
    lookedUp++;
    OptionalLong index =
        layout.indexOf(DatasetPart.TRAIN, file.path().substring(root.path().length() + 1));
    if (index.isEmpty()) {
      return Optional.empty();
    }
    long number = layout.fileNumber(DatasetPart.TRAIN, index.getAsLong());
    if (number >= SIZED_FILES) {
      return Optional.of(new StorageEntry(file, 0));
    }
    FileSpec spec = FileSpec.of(dataset, shapes, number);
    return SampleFormats.find(dataset.format())
        .map(format -> new StorageEntry(file, format.fileLengthBytes(spec).orElseThrow()));
  }

  @Override
  public StorageListing list(Location folder) throws StorageException {
    throw refused(folder);
  }

  @Override
  public StorageReader openReader(Location file) throws StorageException {
    throw refused(file);
  }

  @Override
  public StorageWriter openWriter(Location file) throws StorageException {
    throw refused(file);
  }

  @Override
  public void delete(Location file) throws StorageException {
    throw refused(file);
  }

  @Override
  public long removeAbandonedWrites(Location folder) {
    return 0;
  }

  @Override
  public IoCounts ioCounts() {
    return IoCounts.ZERO;
  }

  @Override
  public void close() {}

  private static StorageException refused(Location location) {
    return new StorageException(Reason.UNSUPPORTED, location, "Planning needs to know sizes only");
  }
}
