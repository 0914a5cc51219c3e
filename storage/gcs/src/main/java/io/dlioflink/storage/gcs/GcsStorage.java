/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobGetOption;
import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.storage.TransferCounts;
import java.io.IOException;
import java.util.Optional;

/** Objects of Google Cloud Storage. */
final class GcsStorage implements Storage {
  private final GcsSettings settings;
  private final RequestTelemetry telemetry = new RequestTelemetry();
  private final TransferCounts counts = new TransferCounts();
  private final GcsErrors errors;
  private final GcsClient client;
  private final RangeReads ranges;

  GcsStorage(GcsSettings settings) {
    this.settings = settings;
    this.errors = new GcsErrors(settings);
    this.client = new GcsClient(settings, telemetry);
    this.ranges = new RangeReads(settings.transfer());
  }

  @Override
  public StorageListing list(Location folder) throws IOException {
    requireBucket(folder);
    return new ObjectListing(
        client.storage(folder), errors, folder, settings.transfer().pageEntries());
  }

  @Override
  public Optional<StorageEntry> stat(Location file) throws IOException {
    requireBucket(file);
    if (file.path().isEmpty()) {
      return Optional.empty();
    }
    com.google.cloud.storage.Storage storage = client.storage(file);
    try (GcsCall call = GcsCall.begin()) {
      try {
        Blob found = storage.get(id(file), BlobGetOption.fields(BlobField.SIZE));
        return Optional.ofNullable(found).map(object -> new StorageEntry(file, object.getSize()));
      } catch (RuntimeException e) {
        if (GcsErrors.status(e) == 404) {
          return Optional.empty();
        }
        throw errors.sorted(e, call, file, "Cannot look up");
      }
    }
  }

  @Override
  public StorageReader openReader(Location file) throws IOException {
    requireName(file);
    return new ObjectReader(file, client.storage(file), errors, ranges, counts);
  }

  @Override
  public StorageWriter openWriter(Location file) throws IOException {
    requireName(file);
    return new ObjectWriter(
        file, client, client.storage(file), errors, settings.transfer().chunkBytes(), counts);
  }

  @Override
  public void delete(Location file) throws IOException {
    requireName(file);
    com.google.cloud.storage.Storage storage = client.storage(file);
    try (GcsCall call = GcsCall.begin()) {
      try {
        storage.delete(id(file));
      } catch (RuntimeException e) {
        if (GcsErrors.status(e) != 404) {
          throw errors.sorted(e, call, file, "Cannot delete");
        }
      }
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Finds nothing: uploads under way cannot be listed, are not paid for, and are dropped by
   * Google after a week.
   */
  @Override
  public long removeAbandonedWrites(Location folder) {
    return 0;
  }

  @Override
  public IoCounts ioCounts() {
    return counts.snapshot(telemetry.retries());
  }

  @Override
  public Optional<RequestTelemetry> requests() {
    return Optional.of(telemetry);
  }

  @Override
  public void close() throws IOException {
    ranges.close();
    client.close();
  }

  /** What a location names. */
  static BlobId id(Location file) {
    return BlobId.of(file.authority(), file.path());
  }

  private static void requireBucket(Location location) throws StorageException {
    if (location.authority().isEmpty()) {
      throw new StorageException(
          Reason.UNSUPPORTED, location, "No bucket is named (gs://BUCKET/NAME)");
    }
  }

  private static void requireName(Location file) throws StorageException {
    requireBucket(file);
    if (file.path().isEmpty()) {
      throw new StorageException(
          Reason.UNSUPPORTED, file, "This names a bucket, and no object in it");
    }
  }
}
