/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.s3.S3Settings.Checksums;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;

/** All requests about uploads in parts, each repeated as often as it takes. */
final class UploadRequests {
  private static final String NO_SUCH_UPLOAD = "NoSuchUpload";

  private final SdkClients clients;
  private final ObjectTransfer transfer;
  private final RequestRetries retries;
  private final ObjectRequests objects;
  private final Checksums checksums;

  UploadRequests(
      SdkClients clients,
      ObjectTransfer transfer,
      RequestRetries retries,
      ObjectRequests objects,
      Checksums checksums) {
    this.checksums = checksums;
    this.clients = clients;
    this.transfer = transfer;
    this.retries = retries;
    this.objects = objects;
  }

  /** Begins an upload; returns its id. If the answer is lost, one without parts is left behind. */
  String create(Location location) throws IOException {
    ObjectKey object = ObjectKey.of(location);
    return retries.run(
        location,
        "Cannot begin an upload in parts",
        (endpoint, attempt) ->
            clients
                .call(
                    endpoint,
                    client ->
                        client.createMultipartUpload(
                            request -> {
                              request.bucket(object.bucket()).key(object.key());
                              if (checksums == Checksums.WHEN_SUPPORTED) {
                                request.checksumAlgorithm(ChecksumAlgorithm.CRC32);
                              }
                            }))
                .uploadId());
  }

  /** Sends a part, see {@link ObjectTransfer#putPart}. */
  CompletedPart putPart(Location location, String uploadId, int number, List<ByteBuffer> content)
      throws IOException {
    ObjectKey object = ObjectKey.of(location);
    ObjectTransfer.SentPart part =
        retries.run(
            location,
            "Cannot write part " + number,
            (endpoint, attempt) -> transfer.putPart(endpoint, object, uploadId, number, content));
    return CompletedPart.builder()
        .partNumber(number)
        .eTag(part.eTag())
        .checksumCRC32(part.crc32().orElse(null))
        .build();
  }

  /**
   * Makes the parts an object.
   *
   * @param lengthBytes of all parts together
   */
  void complete(Location location, String uploadId, List<CompletedPart> parts, long lengthBytes)
      throws IOException {
    ObjectKey object = ObjectKey.of(location);
    retries.run(
        location,
        "Cannot complete the upload",
        (endpoint, attempt) -> {
          try {
            return clients.call(endpoint, client -> complete(client, object, uploadId, parts));
          } catch (RequestFailure e) {
            // The attempt before may have succeeded and its answer got lost.
            if (attempt > 1
                && e.answer().code().equals(NO_SUCH_UPLOAD)
                && length(location).equals(OptionalLong.of(lengthBytes))) {
              return uploadId;
            }
            throw e;
          }
        });
  }

  private static String complete(
      S3Client client, ObjectKey object, String uploadId, List<CompletedPart> parts) {
    client.completeMultipartUpload(
        request ->
            request
                .bucket(object.bucket())
                .key(object.key())
                .uploadId(uploadId)
                .multipartUpload(all -> all.parts(parts)));
    return uploadId;
  }

  private OptionalLong length(Location location) throws IOException {
    return objects
        .head(location)
        .map(head -> OptionalLong.of(head.lengthBytes()))
        .orElse(OptionalLong.empty());
  }

  /** Drops an upload and its parts; false if there was none. */
  boolean abort(Location location, String uploadId) throws IOException {
    ObjectKey object = ObjectKey.of(location);
    return retries.run(
        location,
        "Cannot drop the upload " + uploadId,
        (endpoint, attempt) -> {
          try {
            clients.call(
                endpoint,
                client ->
                    client.abortMultipartUpload(
                        request ->
                            request.bucket(object.bucket()).key(object.key()).uploadId(uploadId)));
            return true;
          } catch (RequestFailure e) {
            if (e.answer().code().equals(NO_SUCH_UPLOAD)) {
              return false;
            }
            throw e;
          }
        });
  }

  /**
   * One page of the uploads that are neither completed nor dropped.
   *
   * @param after the page before; empty for the first
   */
  ListMultipartUploadsResponse list(
      Location folder, String prefix, Optional<ListMultipartUploadsResponse> after)
      throws IOException {
    return retries.run(
        folder,
        "Cannot list uploads",
        (endpoint, attempt) ->
            clients.call(
                endpoint,
                client ->
                    client.listMultipartUploads(
                        request -> {
                          request.bucket(folder.authority()).prefix(prefix);
                          after.ifPresent(
                              page ->
                                  request
                                      .keyMarker(page.nextKeyMarker())
                                      .uploadIdMarker(page.nextUploadIdMarker()));
                        })));
  }
}
