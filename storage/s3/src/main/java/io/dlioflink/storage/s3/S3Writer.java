/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.storage.WriteState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes an object: one PUT if it fits in the first part, else an upload in parts that run while
 * the next is filled. The store shows it when the last request is answered, not before.
 */
final class S3Writer implements StorageWriter {
  private final S3Storage storage;
  private final Location location;
  private final WriteState state;
  private final PartSizes sizes;

  /** What is lent and has not come back; by identity, since buffers are equal by their content. */
  private final Set<ByteBuffer> lent = Collections.newSetFromMap(new IdentityHashMap<>());

  private List<ByteBuffer> filling = new ArrayList<>();
  private long filledBytes;
  private int partNumber = 1;
  private MultipartUpload upload;

  S3Writer(S3Storage storage, Location location, PartSizes sizes) {
    this.storage = storage;
    this.location = location;
    this.state = new WriteState(location);
    this.sizes = sizes;
  }

  @Override
  public Optional<ByteBuffer> lend() {
    ByteBuffer buffer = storage.partBuffers().take();
    lent.add(buffer);
    return Optional.of(buffer);
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    state.requireWriting();
    if (lent.remove(source)) {
      takeBack(source);
    } else {
      copy(source);
    }
  }

  /** One that lies within a part becomes a piece of it as it is. */
  private void takeBack(ByteBuffer source) throws IOException {
    if (room() == 0) {
      attempt(this::sendPart);
    }
    if (source.position() == 0 && source.hasRemaining() && source.remaining() <= room()) {
      filledBytes += source.remaining();
      source.position(source.limit());
      filling.add(source);
    } else {
      copy(source);
      storage.partBuffers().give(List.of(source));
    }
  }

  private long room() {
    return sizes.bytes(partNumber) - filledBytes;
  }

  private void copy(ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      if (room() == 0) {
        attempt(this::sendPart);
      }
      fill(source, room());
    }
  }

  private void fill(ByteBuffer source, long room) {
    if (filling.isEmpty() || !last().hasRemaining()) {
      filling.add(storage.partBuffers().take());
    }
    ByteBuffer target = last();
    int bytes = (int) Math.min(room, Math.min(source.remaining(), target.remaining()));
    target.put(target.position(), source, source.position(), bytes);
    target.position(target.position() + bytes);
    source.position(source.position() + bytes);
    filledBytes += bytes;
  }

  private ByteBuffer last() {
    return filling.get(filling.size() - 1);
  }

  private void sendPart() throws IOException {
    if (partNumber > PartSizes.MAX_PARTS) {
      throw new StorageException(
          Reason.UNSUPPORTED,
          location,
          "The object is larger than %d GiB, the most for %d parts of the sizes set; set the"
                  .formatted(sizes.maxObjectBytes() >> 30, PartSizes.MAX_PARTS)
              + " storage options %s and %s higher"
                  .formatted(S3Options.WRITE_PART, S3Options.WRITE_BUFFER));
    }
    if (upload == null) {
      upload = storage.beginUpload(location);
    }
    List<ByteBuffer> part = flipped();
    filling = new ArrayList<>();
    long bytes = filledBytes;
    filledBytes = 0;
    partNumber++;
    upload.add(part, bytes);
  }

  private List<ByteBuffer> flipped() {
    filling.forEach(ByteBuffer::flip);
    return filling;
  }

  /**
   * Does nothing: a store acknowledges bytes when they are safe, and shows an object only when all
   * are. What is left to be sent is sent by {@link #commit}.
   */
  @Override
  public void sync() throws StorageException {
    state.requireWriting();
  }

  @Override
  public void commit() throws IOException {
    state.requireWriting();
    attempt(
        () -> {
          if (upload == null) {
            storage.put(location, flipped(), filledBytes);
          } else {
            if (filledBytes > 0) {
              sendPart();
            }
            upload.complete();
          }
        });
    state.committed();
    giveBack();
  }

  private interface Step {
    void run() throws IOException;
  }

  private void attempt(Step step) throws IOException {
    try {
      step.run();
    } catch (IOException | RuntimeException e) {
      state.failed();
      throw e;
    }
  }

  private void giveBack() {
    storage.partBuffers().give(filling);
    filling = new ArrayList<>();
    storage.partBuffers().give(lent);
    lent.clear();
  }

  @Override
  public void close() throws IOException {
    if (!state.closesUncommitted()) {
      return;
    }
    giveBack();
    if (upload != null) {
      upload.abort();
    }
  }
}
