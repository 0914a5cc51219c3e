/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageListing;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The objects whose keys begin with that of a folder and a slash; holds one page of them. Keys that
 * end in a slash stand for folders, as some tools make them, and are left out.
 */
final class S3Listing implements StorageListing {
  private final ObjectRequests requests;
  private final Location folder;
  private final String prefix;
  private Iterator<S3Object> page = Collections.emptyIterator();
  private Optional<String> continuation = Optional.empty();
  private boolean last;

  S3Listing(ObjectRequests requests, Location folder) {
    this.requests = requests;
    this.folder = folder;
    this.prefix = prefix(folder);
  }

  /** What the keys of all objects below a folder begin with. */
  static String prefix(Location folder) {
    return folder.path().isEmpty() || folder.path().endsWith("/")
        ? folder.path()
        : folder.path() + "/";
  }

  @Override
  public Optional<StorageEntry> next() throws IOException {
    while (true) {
      while (page.hasNext()) {
        S3Object object = page.next();
        if (!object.key().endsWith("/")) {
          return Optional.of(
              new StorageEntry(
                  new Location(folder.scheme(), folder.authority(), object.key()), object.size()));
        }
      }
      if (last) {
        return Optional.empty();
      }
      ListObjectsV2Response answer = requests.list(folder, prefix, continuation);
      page = answer.contents().iterator();
      continuation = Optional.ofNullable(answer.nextContinuationToken());
      last = !Boolean.TRUE.equals(answer.isTruncated()) || continuation.isEmpty();
    }
  }

  @Override
  public void close() {
    page = Collections.emptyIterator();
    last = true;
  }
}
