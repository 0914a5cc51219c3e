/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.Location;
import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** Uploads below a folder that nobody goes on with. */
final class AbandonedUploads {
  private final UploadRequests requests;
  private final Location folder;
  private final String prefix;

  AbandonedUploads(UploadRequests requests, Location folder) {
    this.requests = requests;
    this.folder = folder;
    this.prefix = S3Listing.prefix(folder);
  }

  /** Drops them; returns how many. */
  long remove() throws IOException {
    long removed = 0;
    Optional<ListMultipartUploadsResponse> page = Optional.empty();
    do {
      page = Optional.of(requests.list(folder, prefix, page));
      for (MultipartUpload upload : page.get().uploads()) {
        // Not every store looks at the prefix.
        if (upload.key().startsWith(prefix)
            && requests.abort(
                new Location(folder.scheme(), folder.authority(), upload.key()),
                upload.uploadId())) {
          removed++;
        }
      }
    } while (Boolean.TRUE.equals(page.get().isTruncated()));
    return removed;
  }
}
