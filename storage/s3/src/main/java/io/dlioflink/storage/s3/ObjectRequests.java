/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.Location;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/** All requests about objects, each repeated as often as it takes. */
final class ObjectRequests {
  private static final int NOT_FOUND = 404;

  private final SdkClients clients;
  private final ObjectTransfer transfer;
  private final RequestRetries retries;

  ObjectRequests(SdkClients clients, ObjectTransfer transfer, RequestRetries retries) {
    this.clients = clients;
    this.transfer = transfer;
    this.retries = retries;
  }

  /** What a HEAD tells. */
  record Head(long lengthBytes, Optional<String> eTag) {}

  /** One GET, see {@link ObjectTransfer#get}. */
  ObjectTransfer.Got get(
      Location location, long position, ByteBuffer target, Optional<String> ifMatch)
      throws IOException {
    ObjectKey object = ObjectKey.of(location);
    return retries.run(
        location,
        "Cannot read at byte " + position,
        (endpoint, attempt) -> transfer.get(endpoint, object, position, target, ifMatch));
  }

  /** One PUT, see {@link ObjectTransfer#put}. */
  void put(Location location, List<ByteBuffer> content) throws IOException {
    ObjectKey object = ObjectKey.of(location);
    retries.run(
        location, "Cannot write", (endpoint, attempt) -> transfer.put(endpoint, object, content));
  }

  /** Empty if there is no such object; a bucket that does not exist looks the same. */
  Optional<Head> head(Location location) throws IOException {
    ObjectKey object = ObjectKey.of(location);
    return retries.run(
        location, "Cannot look up the object", (endpoint, attempt) -> head(endpoint, object));
  }

  private Optional<Head> head(Endpoint endpoint, ObjectKey object) throws IOException {
    try {
      HeadObjectResponse head =
          clients.call(
              endpoint,
              client ->
                  client.headObject(request -> request.bucket(object.bucket()).key(object.key())));
      return Optional.of(new Head(head.contentLength(), Optional.ofNullable(head.eTag())));
    } catch (RequestFailure e) {
      if (e.answer().status() == NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** No error if there is none. */
  void delete(Location location) throws IOException {
    ObjectKey object = ObjectKey.of(location);
    retries.run(
        location,
        "Cannot delete",
        (endpoint, attempt) ->
            clients.call(
                endpoint,
                client ->
                    client.deleteObject(
                        request -> request.bucket(object.bucket()).key(object.key()))));
  }

  /**
   * One page of a listing.
   *
   * @param prefix of the keys
   * @param continuation of the page before; empty for the first page
   */
  ListObjectsV2Response list(Location folder, String prefix, Optional<String> continuation)
      throws IOException {
    return retries.run(
        folder,
        "Cannot list",
        (endpoint, attempt) ->
            clients.call(
                endpoint,
                client ->
                    client.listObjectsV2(
                        request ->
                            request
                                .bucket(folder.authority())
                                .prefix(prefix)
                                // Keys may hold what XML does not.
                                .encodingType(EncodingType.URL)
                                .continuationToken(continuation.orElse(null)))));
  }
}
