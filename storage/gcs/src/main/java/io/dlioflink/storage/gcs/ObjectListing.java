/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import com.google.api.gax.paging.Page;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobListOption;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageListing;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The objects below a folder; one request per page, when its first entry is asked for. */
final class ObjectListing implements StorageListing {
  private final Storage storage;
  private final GcsErrors errors;
  private final Location folder;
  private final int pageEntries;
  private Page<Blob> page;
  private Iterator<Blob> entries = List.<Blob>of().iterator();

  ObjectListing(Storage storage, GcsErrors errors, Location folder, int pageEntries) {
    this.storage = storage;
    this.errors = errors;
    this.folder = folder;
    this.pageEntries = pageEntries;
  }

  @Override
  public Optional<StorageEntry> next() throws IOException {
    while (true) {
      while (entries.hasNext()) {
        Blob object = entries.next();
        // Some programs mark folders by empty objects; no location can name those.
        if (!object.getName().endsWith("/")) {
          return Optional.of(
              new StorageEntry(
                  new Location(folder.scheme(), folder.authority(), object.getName()),
                  object.getSize()));
        }
      }
      if (page != null && !page.hasNextPage()) {
        return Optional.empty();
      }
      page = nextPage();
      entries = page.getValues().iterator();
    }
  }

  private Page<Blob> nextPage() throws IOException {
    try (GcsCall call = GcsCall.begin()) {
      try {
        return page == null ? firstPage() : page.getNextPage();
      } catch (RuntimeException e) {
        throw errors.sorted(e, call, folder, "Cannot list");
      }
    }
  }

  private Page<Blob> firstPage() {
    String prefix =
        folder.path().isEmpty() || folder.path().endsWith("/")
            ? folder.path()
            : folder.path() + "/";
    return storage.list(
        folder.authority(),
        BlobListOption.prefix(prefix),
        BlobListOption.pageSize(pageEntries),
        BlobListOption.fields(BlobField.NAME, BlobField.SIZE));
  }

  @Override
  public void close() {}
}
