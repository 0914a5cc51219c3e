/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import com.azure.storage.blob.BlobAsyncClient;
import com.azure.storage.blob.models.BlobDownloadHeaders;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.DownloadRetryOptions;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.TransferCounts;
import io.dlioflink.storage.azure.AzureSettings.Transfer;
import io.dlioflink.storage.azure.RequestMeter.Attempts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One version of a blob: that of the first answer. Later ones must be of the same. */
final class BlobReader implements StorageReader {

  /** What the first answer told. */
  private record Version(String etag, long lengthBytes) {}

  private final Location location;
  private final BlobAsyncClient client;
  private final BlobRequests requests;
  private final Optional<LeanBlobs> lean;
  private final Transfer transfer;
  private final TransferCounts counts;
  private final DownloadRetryOptions retries;
  private final AtomicReference<Version> version = new AtomicReference<>();

  BlobReader(
      Location location,
      BlobAsyncClient client,
      BlobRequests requests,
      Optional<LeanBlobs> lean,
      Transfer transfer,
      TransferCounts counts) {
    this.location = location;
    this.client = client;
    this.requests = requests;
    this.lean = lean;
    this.transfer = transfer;
    this.counts = counts;
    this.retries = new DownloadRetryOptions().setMaxRetryRequests(transfer.maxAttempts() - 1);
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    int wanted = target.remaining();
    if (wanted > transfer.rangeBytes() || version.get() != null) {
      long left = lengthBytes() - position;
      if (left <= 0) {
        return -1;
      }
      wanted = (int) Math.min(wanted, left);
    }
    ByteBuffer part = target.slice(target.position(), wanted);
    int read =
        lean.isPresent() && wanted <= transfer.rangeBytes()
            ? readLean(lean.get(), position, part)
            : readRanges(position, part);
    if (read <= 0) {
      return -1;
    }
    target.position(target.position() + read);
    counts.addRead(read);
    return read;
  }

  private int readLean(LeanBlobs blobs, long position, ByteBuffer target) throws IOException {
    Version known = version.get();
    int wanted = target.remaining();
    LeanBlobs.Got got = blobs.get(location, position, target, known == null ? "" : known.etag());
    if (got.blobBytes().isEmpty()) {
      return -1;
    }
    try {
      Version current = pinned(new Version(got.eTag(), got.blobBytes().getAsLong()));
      requireAll(position, wanted, got.bytes(), current);
    } catch (RuntimeException e) {
      throw requests.sorted(e, location, "Cannot read at byte " + position);
    }
    return got.bytes();
  }

  /** Fills a target of its own from ranges that are read at once. */
  private int readRanges(long position, ByteBuffer target) throws IOException {
    int rangeBytes = transfer.rangeBytes();
    List<RangeTarget> ranges = new ArrayList<>(1);
    for (int from = 0; from < target.limit(); from += rangeBytes) {
      int bytes = Math.min(rangeBytes, target.limit() - from);
      ranges.add(new RangeTarget(position + from, target.slice(from, bytes)));
    }
    try {
      return ranges.size() == 1
          ? requests.await(download(ranges.get(0), new Attempts()))
          : requests.await(
              Flux.fromIterable(ranges)
                  .flatMap(range -> download(range, new Attempts()), transfer.rangeConcurrency())
                  .reduce(0, Integer::sum));
    } catch (RuntimeException e) {
      ranges.forEach(RangeTarget::close);
      if (e instanceof BlobStorageException said && said.getStatusCode() == 416) {
        return -1;
      }
      throw requests.sorted(e, location, "Cannot read at byte " + position);
    }
  }

  private Mono<Integer> download(RangeTarget range, Attempts attempts) {
    Mono<Integer> call =
        client
            .downloadStreamWithResponse(
                new BlobRange(range.position(), (long) range.wantedBytes()),
                retries,
                conditions(),
                false)
            .flatMap(
                answer -> {
                  Version current = pinned(answer.getDeserializedHeaders());
                  return answer
                      .getValue()
                      .doOnNext(range::put)
                      .then(Mono.fromCallable(() -> complete(range, current)));
                });
    return BlobRequests.counted(call, attempts);
  }

  private BlobRequestConditions conditions() {
    Version pinned = version.get();
    return pinned == null ? null : new BlobRequestConditions().setIfMatch(pinned.etag());
  }

  private Version pinned(BlobDownloadHeaders headers) {
    if (AzureStorage.isFolder(headers.getMetadata())) {
      throw Exceptions.propagate(
          new StorageException(Reason.MISSING, location, "This is a folder"));
    }
    String contentRange = headers.getContentRange();
    long lengthBytes =
        contentRange == null
            ? headers.getContentLength()
            : Long.parseLong(contentRange.substring(contentRange.lastIndexOf('/') + 1));
    return pinned(new Version(headers.getETag(), lengthBytes));
  }

  private Version pinned(Version answered) {
    version.compareAndSet(null, answered);
    Version pinned = version.get();
    if (!pinned.equals(answered)) {
      throw Exceptions.propagate(
          new StorageException(
              Reason.UNAVAILABLE, location, "The blob was replaced while it was read"));
    }
    return pinned;
  }

  private int complete(RangeTarget range, Version current) throws StorageException {
    requireAll(range.position(), range.wantedBytes(), range.filledBytes(), current);
    return range.filledBytes();
  }

  /** All must have come that is there. */
  private void requireAll(long position, int wantedBytes, int bytes, Version current)
      throws StorageException {
    long expected = Math.min(wantedBytes, Math.max(0, current.lengthBytes() - position));
    if (bytes != expected) {
      throw new StorageException(
          Reason.UNAVAILABLE,
          location,
          "%d bytes came of %d at byte %d".formatted(bytes, expected, position));
    }
  }

  @Override
  public long lengthBytes() throws IOException {
    Version known = version.get();
    if (known != null) {
      return known.lengthBytes();
    }
    try {
      BlobProperties found = requests.await(client.getProperties());
      if (AzureStorage.isFolder(found.getMetadata())) {
        throw new StorageException(Reason.MISSING, location, "This is a folder");
      }
      return pinned(new Version(found.getETag(), found.getBlobSize())).lengthBytes();
    } catch (RuntimeException e) {
      throw requests.sorted(e, location, "Cannot get the size");
    }
  }

  @Override
  public void close() {}

  /**
   * Where the bytes of a range go. Closed when the read is given up: what still arrives must not
   * get into a buffer that is the caller's again.
   */
  private static final class RangeTarget {
    private final long position;
    private final ByteBuffer target;
    private boolean closed;

    RangeTarget(long position, ByteBuffer target) {
      this.position = position;
      this.target = target;
    }

    long position() {
      return position;
    }

    int wantedBytes() {
      return target.capacity();
    }

    synchronized int filledBytes() {
      return target.position();
    }

    synchronized void put(ByteBuffer piece) {
      if (!closed) {
        if (piece.remaining() > target.remaining()) {
          throw new IllegalStateException(
              "more than the %d bytes that were asked for".formatted(target.capacity()));
        }
        target.put(piece);
      }
    }

    synchronized void close() {
      closed = true;
    }
  }
}
