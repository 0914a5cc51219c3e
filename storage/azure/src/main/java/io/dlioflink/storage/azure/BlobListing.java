/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import com.azure.core.http.rest.PagedFlux;
import com.azure.core.http.rest.PagedResponse;
import com.azure.storage.blob.BlobContainerAsyncClient;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.ListBlobsOptions;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageListing;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;

/** The blobs below a folder; one request per page, when its first entry is asked for. */
final class BlobListing implements StorageListing {
  private final BlobRequests requests;
  private final Location folder;
  private final BlobAddress address;
  private final BlobPages pages;

  BlobListing(
      BlobRequests requests,
      BlobContainerAsyncClient container,
      Location folder,
      BlobAddress address) {
    this.requests = requests;
    this.folder = folder;
    this.address = address;
    this.pages = new BlobPages(requests, container, address, false);
  }

  @Override
  public Optional<StorageEntry> next() throws IOException {
    for (Optional<BlobItem> item = item(); item.isPresent(); item = item()) {
      String name = item.get().getName();
      // Some programs mark folders by empty blobs; no location can name those.
      if (!name.endsWith("/") && !AzureStorage.isFolder(item.get().getMetadata())) {
        return Optional.of(
            new StorageEntry(
                address.locate(folder, name), item.get().getProperties().getContentLength()));
      }
    }
    return Optional.empty();
  }

  private Optional<BlobItem> item() throws IOException {
    try {
      return pages.next();
    } catch (RuntimeException e) {
      throw requests.sorted(e, folder, "Cannot list");
    }
  }

  @Override
  public void close() {}

  /** The items of a listing, page after page. */
  static final class BlobPages {
    private final BlobRequests requests;
    private final BlobContainerAsyncClient container;
    private final ListBlobsOptions options;
    private Iterator<BlobItem> page = List.<BlobItem>of().iterator();
    private String continuation;
    private boolean last;

    /**
     * Begins before the first page.
     *
     * @param uncommitted whether to list what was never committed, too
     */
    BlobPages(
        BlobRequests requests,
        BlobContainerAsyncClient container,
        BlobAddress address,
        boolean uncommitted) {
      this.requests = requests;
      this.container = container;
      this.options =
          new ListBlobsOptions()
              .setPrefix(address.prefix())
              .setMaxResultsPerPage(requests.pageEntries())
              .setDetails(
                  new BlobListDetails()
                      .setRetrieveMetadata(true)
                      .setRetrieveUncommittedBlobs(uncommitted));
    }

    Optional<BlobItem> next() {
      while (!page.hasNext()) {
        if (last) {
          return Optional.empty();
        }
        PagedResponse<BlobItem> answer = requests.await(page().next());
        page = answer.getValue().iterator();
        continuation = answer.getContinuationToken();
        last = continuation == null || continuation.isEmpty();
      }
      return Optional.of(page.next());
    }

    private Flux<PagedResponse<BlobItem>> page() {
      PagedFlux<BlobItem> listing = container.listBlobs(options);
      return continuation == null ? listing.byPage() : listing.byPage(continuation);
    }
  }
}
