/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import com.azure.storage.blob.BlobAsyncClient;
import com.azure.storage.blob.BlobContainerAsyncClient;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.DeleteSnapshotsOptionType;
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
import java.util.Map;
import java.util.Optional;

/** Blobs of the containers of one account or of several. */
final class AzureStorage implements Storage {
  private final AzureSettings settings;
  private final RequestTelemetry telemetry = new RequestTelemetry();
  private final TransferCounts counts = new TransferCounts();
  private final AzureClients clients;
  private final BlobRequests requests;
  private final BlockUploads uploads;
  private final Optional<LeanBlobs> lean;

  AzureStorage(AzureSettings settings) {
    this.settings = settings;
    this.clients = new AzureClients(settings, telemetry);
    this.requests = new BlobRequests(settings);
    this.uploads = new BlockUploads(settings.transfer(), counts);
    this.lean = LeanBlobs.of(settings, requests, telemetry);
  }

  @Override
  public StorageListing list(Location folder) throws IOException {
    BlobAddress address = address(folder);
    return new BlobListing(requests, container(folder, address), folder, address);
  }

  @Override
  public Optional<StorageEntry> stat(Location file) throws IOException {
    if (address(file).name().isEmpty()) {
      return Optional.empty();
    }
    try {
      BlobProperties found = requests.await(blob(file).getProperties());
      return isFolder(found.getMetadata())
          ? Optional.empty()
          : Optional.of(new StorageEntry(file, found.getBlobSize()));
    } catch (RuntimeException e) {
      if (e instanceof BlobStorageException said && said.getStatusCode() == 404) {
        return Optional.empty();
      }
      throw requests.sorted(e, file, "Cannot look up");
    }
  }

  @Override
  public StorageReader openReader(Location file) throws IOException {
    requireName(file);
    return new BlobReader(file, blob(file), requests, lean, settings.transfer(), counts);
  }

  @Override
  public StorageWriter openWriter(Location file) throws IOException {
    requireName(file);
    return new BlobWriter(file, blob(file).getBlockBlobAsyncClient(), requests, lean, uploads);
  }

  @Override
  public void delete(Location file) throws IOException {
    requireName(file);
    try {
      requests.await(
          blob(file).deleteIfExistsWithResponse(DeleteSnapshotsOptionType.INCLUDE, null));
    } catch (RuntimeException e) {
      if (e instanceof BlobStorageException said
          && BlobErrorCode.CONTAINER_NOT_FOUND.equals(said.getErrorCode())) {
        return;
      }
      throw requests.sorted(e, file, "Cannot delete");
    }
  }

  @Override
  public long removeAbandonedWrites(Location folder) throws IOException {
    BlobAddress address = address(folder);
    return new AbandonedBlobs(requests, container(folder, address), folder, address).remove();
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
  public void close() {
    lean.ifPresent(LeanBlobs::close);
    clients.close();
  }

  /** Whether a blob stands for a folder, as accounts with a hierarchical namespace have them. */
  static boolean isFolder(Map<String, String> metadata) {
    return metadata != null && "true".equals(metadata.get("hdi_isfolder"));
  }

  /** The client of a blob, by its plain name. */
  static BlobAsyncClient blob(BlobContainerAsyncClient container, String name) {
    return container.getBlobAsyncClient(name);
  }

  private BlobAsyncClient blob(Location file) throws IOException {
    BlobAddress address = address(file);
    return blob(container(file, address), address.name());
  }

  private BlobContainerAsyncClient container(Location location, BlobAddress address)
      throws IOException {
    return clients.container(location, address);
  }

  private BlobAddress address(Location location) throws StorageException {
    return BlobAddress.of(location, settings.account());
  }

  private void requireName(Location file) throws StorageException {
    if (address(file).name().isEmpty()) {
      throw new StorageException(
          Reason.UNSUPPORTED, file, "This names a container, and no blob in it");
    }
  }
}
