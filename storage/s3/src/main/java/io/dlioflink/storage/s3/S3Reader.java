/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.TransferCounts;
import io.dlioflink.storage.s3.S3Settings.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Reads ranges of an object. Opening it makes no request; the first answer tells its length and
 * ETag, and from then on an object that is replaced is an error instead of a mixture of both.
 */
final class S3Reader implements StorageReader {
  private static final long UNKNOWN = -1;

  private final ObjectRequests requests;
  private final Executor threads;
  private final TransferCounts counts;
  private final Reading settings;
  private final Location location;
  private final AtomicReference<String> eTag = new AtomicReference<>();
  private volatile long lengthBytes = UNKNOWN;

  S3Reader(
      ObjectRequests requests,
      Executor threads,
      TransferCounts counts,
      Reading settings,
      Location location) {
    this.requests = requests;
    this.threads = threads;
    this.counts = counts;
    this.settings = settings;
    this.location = location;
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    int read =
        target.remaining() < settings.splitFromBytes()
            ? readRange(position, target)
            : readLarge(position, target);
    counts.addRead(read);
    return read == 0 ? -1 : read;
  }

  private int readLarge(long position, ByteBuffer target) throws IOException {
    int limit = target.limit();
    int read = 0;
    try {
      if (lengthBytes == UNKNOWN) {
        // Its length is worth the wait: no request goes past the end.
        target.limit(target.position() + Math.min(target.remaining(), settings.partBytes()));
        read = readRange(position, target);
        if (target.hasRemaining()) {
          return read;
        }
        target.limit(limit);
      }
      if (lengthBytes != UNKNOWN) {
        long left = Math.max(0, lengthBytes - position - read);
        target.limit(target.position() + (int) Math.min(target.remaining(), left));
      }
      if (target.hasRemaining()) {
        read +=
            new SplitRead(this::readRange, position + read, target, settings.partBytes())
                .run(threads);
      }
      return read;
    } finally {
      target.limit(limit);
    }
  }

  private int readRange(long position, ByteBuffer target) throws IOException {
    int wanted = target.remaining();
    while (target.hasRemaining()) {
      long at = position + wanted - target.remaining();
      if (lengthBytes != UNKNOWN && at >= lengthBytes) {
        break;
      }
      ObjectTransfer.Got got = requests.get(location, at, target, Optional.ofNullable(eTag.get()));
      pin(got.eTag());
      got.objectLengthBytes().ifPresent(length -> lengthBytes = length);
      if (got.bytes() == 0) {
        break;
      }
    }
    return wanted - target.remaining();
  }

  // The request asked for the same ETag, but not every store looks at that.
  private void pin(Optional<String> answered) throws StorageException {
    if (answered.isEmpty()) {
      return;
    }
    String pinned = eTag.compareAndExchange(null, answered.get());
    if (pinned != null && !pinned.equals(answered.get())) {
      throw new StorageException(
          Reason.UNAVAILABLE,
          location,
          "The object was replaced while it was being read (ETag was %s, is %s)"
              .formatted(pinned, answered.get()));
    }
  }

  @Override
  public long lengthBytes() throws IOException {
    if (lengthBytes == UNKNOWN) {
      ObjectRequests.Head head =
          requests
              .head(location)
              .orElseThrow(() -> new StorageException(Reason.MISSING, location, "No such object"));
      pin(head.eTag());
      lengthBytes = head.lengthBytes();
    }
    return lengthBytes;
  }

  @Override
  public void close() {}
}
