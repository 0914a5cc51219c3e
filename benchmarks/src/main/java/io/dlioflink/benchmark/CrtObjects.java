/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

import io.dlioflink.storage.Location;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Moves objects by the client of the AWS SDK that is written in C, as its documentation shows. */
final class CrtObjects implements ObjectClient {
  private final String bucket;
  private final S3AsyncClient client;

  /** Credentials and region are of the environment. */
  CrtObjects(Location folder, URI endpoint) {
    this.bucket = folder.authority();
    this.client =
        S3AsyncClient.crtBuilder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .build();
  }

  @Override
  public void get(String name, long bytes, ByteBuffer buffer) throws IOException {
    long got =
        await(client.getObject(request -> request.bucket(bucket).key(name), new Into(buffer)));
    if (got != bytes) {
      throw new IOException("%s has %d bytes, not %d".formatted(name, got, bytes));
    }
  }

  @Override
  public void put(String name, long bytes, ByteBuffer buffer) throws IOException {
    List<ByteBuffer> pieces = new ArrayList<>();
    for (long left = bytes; left > 0; left -= pieces.get(pieces.size() - 1).remaining()) {
      pieces.add(buffer.duplicate().clear().limit((int) Math.min(left, buffer.capacity())));
    }
    await(
        client.putObject(
            request -> request.bucket(bucket).key(name).contentLength(bytes),
            AsyncRequestBody.fromByteBuffersUnsafe(pieces.toArray(new ByteBuffer[0]))));
  }

  private static <T> T await(CompletableFuture<T> answer) throws IOException {
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw new IOException(e.getCause());
    }
  }

  @Override
  public void close() {
    client.close();
  }

  /** Puts a body into a buffer, from its start again when it is full; tells the bytes. */
  private static final class Into
      implements AsyncResponseTransformer<GetObjectResponse, Long>, Subscriber<ByteBuffer> {
    private final ByteBuffer target;
    private CompletableFuture<Long> done;
    private long bytes;

    Into(ByteBuffer target) {
      this.target = target.clear();
    }

    @Override
    public CompletableFuture<Long> prepare() {
      bytes = 0;
      done = new CompletableFuture<>();
      return done;
    }

    @Override
    public void onResponse(GetObjectResponse response) {
      // Its length is compared with what was expected.
    }

    @Override
    public void onStream(SdkPublisher<ByteBuffer> publisher) {
      publisher.subscribe(this);
    }

    @Override
    public void exceptionOccurred(Throwable error) {
      done.completeExceptionally(error);
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ByteBuffer piece) {
      bytes += piece.remaining();
      while (piece.hasRemaining()) {
        if (!target.hasRemaining()) {
          target.clear();
        }
        int part = Math.min(piece.remaining(), target.remaining());
        target.put(target.position(), piece, piece.position(), part);
        target.position(target.position() + part);
        piece.position(piece.position() + part);
      }
    }

    @Override
    public void onError(Throwable error) {
      done.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
      done.complete(bytes);
    }
  }
}
