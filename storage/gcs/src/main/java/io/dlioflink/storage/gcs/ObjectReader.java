/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import com.google.cloud.ReadChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobGetOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.TransferCounts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** One generation of an object: that of the first answer. Later reads ask for the same. */
final class ObjectReader implements StorageReader {

  /** What the first answer told. */
  private record Version(long generation, long lengthBytes) {}

  private final Location location;
  private final Storage storage;
  private final GcsErrors errors;
  private final RangeReads ranges;
  private final TransferCounts counts;
  private final AtomicReference<Version> version = new AtomicReference<>();

  ObjectReader(
      Location location,
      Storage storage,
      GcsErrors errors,
      RangeReads ranges,
      TransferCounts counts) {
    this.location = location;
    this.storage = storage;
    this.errors = errors;
    this.ranges = ranges;
    this.counts = counts;
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    int wanted = target.remaining();
    if (ranges.isSplit(wanted) || version.get() != null) {
      long left = lengthBytes() - position;
      if (left <= 0) {
        return -1;
      }
      wanted = (int) Math.min(wanted, left);
    }
    ByteBuffer part = target.slice(target.position(), wanted);
    int read = wanted;
    if (ranges.isSplit(wanted)) {
      ranges.readFully(position, part, this::readRange);
    } else {
      read = download(position, part, new AtomicBoolean());
    }
    if (read <= 0) {
      return -1;
    }
    target.position(target.position() + read);
    counts.addRead(read);
    return read;
  }

  private void readRange(long position, ByteBuffer target, AtomicBoolean abandoned)
      throws IOException {
    download(position, target, abandoned);
    if (target.hasRemaining() && !abandoned.get()) {
      throw cutOff(position, target);
    }
  }

  /** One request, unless it has to be repeated. */
  private int download(long position, ByteBuffer target, AtomicBoolean abandoned)
      throws IOException {
    Version pinned = version.get();
    BlobId id =
        pinned == null
            ? GcsStorage.id(location)
            : BlobId.of(location.authority(), location.path(), pinned.generation());
    try (GcsCall call = GcsCall.begin();
        ReadChannel channel =
            storage.reader(id, BlobSourceOption.shouldReturnRawInputStream(true))) {
      try {
        // Unbuffered: what arrives goes into the target.
        channel.setChunkSize(0);
        channel.seek(position);
        channel.limit(position + target.remaining());
        int read = 0;
        while (target.hasRemaining() && read >= 0 && !abandoned.get()) {
          read = channel.read(target);
        }
        pin(call);
      } catch (IOException | RuntimeException e) {
        abandoned.set(true);
        if (GcsErrors.status(e) == 416) {
          return -1;
        }
        if (pinned != null && GcsErrors.status(e) == 404) {
          throw replaced();
        }
        throw errors.sorted(e, call, location, "Cannot read at byte " + position);
      }
    }
    return complete(position, target);
  }

  /** Whether all came that is there. */
  private int complete(long position, ByteBuffer target) throws StorageException {
    Version known = version.get();
    if (known != null
        && target.hasRemaining()
        && position + target.position() < known.lengthBytes()) {
      throw cutOff(position, target);
    }
    return target.position();
  }

  private StorageException cutOff(long position, ByteBuffer target) {
    return new StorageException(
        Reason.UNAVAILABLE,
        location,
        "%d bytes came of %d at byte %d".formatted(target.position(), target.limit(), position));
  }

  private void pin(GcsCall call) throws StorageException {
    if (call.generation().isPresent() && call.totalBytes().isPresent()) {
      pin(new Version(call.generation().getAsLong(), call.totalBytes().getAsLong()));
    }
  }

  private Version pin(Version answered) throws StorageException {
    version.compareAndSet(null, answered);
    if (!version.get().equals(answered)) {
      throw replaced();
    }
    return answered;
  }

  private StorageException replaced() {
    return new StorageException(
        Reason.UNAVAILABLE, location, "The object was replaced while it was read");
  }

  @Override
  public long lengthBytes() throws IOException {
    Version known = version.get();
    if (known != null) {
      return known.lengthBytes();
    }
    try (GcsCall call = GcsCall.begin()) {
      try {
        Blob found =
            storage.get(
                GcsStorage.id(location),
                BlobGetOption.fields(BlobField.SIZE, BlobField.GENERATION));
        if (found == null) {
          throw new StorageException(Reason.MISSING, location, "No such object");
        }
        return pin(new Version(found.getGeneration(), found.getSize())).lengthBytes();
      } catch (RuntimeException e) {
        throw errors.sorted(e, call, location, "Cannot get the size");
      }
    }
  }

  @Override
  public void close() {}
}
