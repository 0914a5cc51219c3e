/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.http.ContentRange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Moves the bytes of objects with the SDK; the reference for every other way. */
final class SdkTransfer implements ObjectTransfer {
  private static final int RANGE_PAST_THE_END = 416;
  private static final int COPY_BYTES = 64 * 1024;

  private final SdkClients clients;

  /** The clients are shared, and closed by whoever made them. */
  SdkTransfer(SdkClients clients) {
    this.clients = clients;
  }

  @Override
  public Got get(
      Endpoint endpoint,
      ObjectKey object,
      long position,
      ByteBuffer target,
      Optional<String> ifMatch)
      throws IOException {
    int start = target.position();
    String range = "bytes=%d-%d".formatted(position, position + target.remaining() - 1);
    try {
      return clients.follow(
          endpoint,
          client ->
              client.getObject(
                  request ->
                      request
                          .bucket(object.bucket())
                          .key(object.key())
                          .range(range)
                          .ifMatch(ifMatch.orElse(null)),
                  (answer, body) -> received(endpoint, answer, body, position, target)));
    } catch (S3Exception e) {
      target.position(start);
      if (e.statusCode() == RANGE_PAST_THE_END) {
        return new Got(0, lengthOfRefusedRange(e), Optional.empty());
      }
      throw SdkFailures.translated(endpoint, e);
    } catch (SdkException e) {
      target.position(start);
      throw SdkFailures.translated(endpoint, e);
    } catch (IllegalStateException e) {
      target.position(start);
      throw SdkFailures.closed(endpoint, e);
    }
  }

  private static Got received(
      Endpoint endpoint,
      GetObjectResponse answer,
      InputStream body,
      long position,
      ByteBuffer target)
      throws IOException {
    boolean whole = answer.contentRange() == null;
    if (whole && position > 0) {
      throw RequestFailure.refused(
          endpoint, RequestFailure.Answer.local(501, "the server ignores ranges of bytes"));
    }
    int start = target.position();
    int wanted = target.remaining();
    if (!whole && answer.contentLength() != null && answer.contentLength() > wanted) {
      throw RequestFailure.unanswered(
          endpoint,
          "%d bytes announced of %d asked for".formatted(answer.contentLength(), wanted),
          null);
    }
    copy(body, target, answer.contentLength());
    int bytes = wanted - target.remaining();
    Optional<ContentRange> range =
        Optional.ofNullable(answer.contentRange()).flatMap(ContentRange::parse);
    if (range.isPresent() && !range.get().holds(position, bytes)) {
      throw RequestFailure.unanswered(
          endpoint,
          "%d bytes at %d received as Content-Range %s"
              .formatted(bytes, position, answer.contentRange()),
          null);
    }
    boolean isAll =
        whole
            ? length(answer.contentLength()).equals(OptionalLong.of(bytes))
            : range.map(ContentRange::isWhole).orElse(false);
    if (isAll) {
      // The SDK itself checks no ranges, though a range may be all.
      ByteBuffer content = target.duplicate().flip().position(start);
      Optional<String> mismatch =
          ObjectChecksum.mismatch(answer.sdkHttpResponse()::firstMatchingHeader, content);
      if (mismatch.isPresent()) {
        throw RequestFailure.unanswered(endpoint, mismatch.get(), null);
      }
    }
    return new Got(
        bytes,
        whole
            ? length(answer.contentLength())
            : range.map(ContentRange::totalBytes).orElse(OptionalLong.empty()),
        Optional.ofNullable(answer.eTag()));
  }

  private static OptionalLong length(Long bytes) {
    return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes);
  }

  private static void copy(InputStream body, ByteBuffer target, Long announced) throws IOException {
    byte[] copied = new byte[Math.min(COPY_BYTES, Math.max(1, target.remaining()))];
    long received = 0;
    while (target.hasRemaining()) {
      int read = body.read(copied, 0, Math.min(copied.length, target.remaining()));
      if (read < 0) {
        if (announced != null && received < announced) {
          throw new EOFException("Body ends after %d of %d bytes".formatted(received, announced));
        }
        return;
      }
      target.put(copied, 0, read);
      received += read;
    }
    if (announced == null || announced == received) {
      // Read to its end, the connection can be used again.
      if (body.read() >= 0) {
        throw new IOException("Body goes on after the %d bytes asked for".formatted(received));
      }
    }
  }

  private static OptionalLong lengthOfRefusedRange(S3Exception e) {
    return e.awsErrorDetails() == null || e.awsErrorDetails().sdkHttpResponse() == null
        ? OptionalLong.empty()
        : e.awsErrorDetails()
            .sdkHttpResponse()
            .firstMatchingHeader("Content-Range")
            .flatMap(ContentRange::parse)
            .map(ContentRange::totalBytes)
            .orElse(OptionalLong.empty());
  }

  @Override
  public Optional<String> put(Endpoint endpoint, ObjectKey object, List<ByteBuffer> content)
      throws IOException {
    return clients.call(
        endpoint,
        client ->
            Optional.ofNullable(
                client
                    .putObject(
                        request -> request.bucket(object.bucket()).key(object.key()), body(content))
                    .eTag()));
  }

  @Override
  public SentPart putPart(
      Endpoint endpoint, ObjectKey object, String uploadId, int number, List<ByteBuffer> content)
      throws IOException {
    UploadPartResponse answer =
        clients.call(
            endpoint,
            client ->
                client.uploadPart(
                    request ->
                        request
                            .bucket(object.bucket())
                            .key(object.key())
                            .uploadId(uploadId)
                            .partNumber(number),
                    body(content)));
    return new SentPart(answer.eTag(), Optional.ofNullable(answer.checksumCRC32()));
  }

  private static RequestBody body(List<ByteBuffer> content) {
    return RequestBody.fromContentProvider(
        () -> new BuffersInputStream(content),
        content.stream().mapToLong(ByteBuffer::remaining).sum(),
        "application/octet-stream");
  }

  @Override
  public void close() {}
}
