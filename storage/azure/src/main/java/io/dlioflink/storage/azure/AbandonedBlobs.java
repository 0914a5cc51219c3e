/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import com.azure.storage.blob.BlobAsyncClient;
import com.azure.storage.blob.BlobContainerAsyncClient;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.BlockBlobItem;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.azure.BlobListing.BlobPages;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Blobs of which there are blocks but no list of them: what a killed writer leaves. Azure shows
 * them to nobody and drops them after a week. No request drops them at once, so an empty blob takes
 * their place and is deleted.
 */
final class AbandonedBlobs {
  private final BlobRequests requests;
  private final BlobContainerAsyncClient container;
  private final Location folder;
  private final BlobAddress address;

  AbandonedBlobs(
      BlobRequests requests,
      BlobContainerAsyncClient container,
      Location folder,
      BlobAddress address) {
    this.requests = requests;
    this.container = container;
    this.folder = folder;
    this.address = address;
  }

  /** Removes them; returns how many there were. */
  long remove() throws IOException {
    BlobPages pages = new BlobPages(requests, container, address, true);
    long removed = 0;
    try {
      for (Optional<BlobItem> item = pages.next(); item.isPresent(); item = pages.next()) {
        if (item.get().getProperties().getContentLength() == 0
            && remove(AzureStorage.blob(container, item.get().getName()))) {
          removed++;
        }
      }
    } catch (RuntimeException e) {
      if (e instanceof BlobStorageException said
          && BlobErrorCode.CONTAINER_NOT_FOUND.equals(said.getErrorCode())) {
        return removed;
      }
      throw requests.sorted(e, folder, "Cannot remove abandoned writes");
    }
    return removed;
  }

  private boolean remove(BlobAsyncClient blob) {
    if (Boolean.TRUE.equals(requests.await(blob.exists()))) {
      return false;
    }
    BlockBlobItem empty =
        requests
            .await(
                blob.getBlockBlobAsyncClient()
                    .commitBlockListWithResponse(
                        List.of(),
                        null,
                        null,
                        null,
                        new BlobRequestConditions().setIfNoneMatch("*")))
            .getValue();
    requests.await(
        blob.deleteWithResponse(null, new BlobRequestConditions().setIfMatch(empty.getETag())));
    return true;
  }
}
