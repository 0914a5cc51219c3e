/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import com.google.cloud.WriteChannel;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.BlobWriteOption;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.storage.TransferCounts;
import io.dlioflink.storage.WriteState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * An object being uploaded: in one request if it fits into a chunk, else by a resumable upload,
 * chunk after chunk. Holds one chunk in memory and the library another. An upload that is not
 * finished is seen by nobody, and Google drops it after a week.
 */
final class ObjectWriter implements StorageWriter {
  private static final int SMALLEST_BYTES = 64 * 1024;

  private final Location location;
  private final WriteState state;
  private final GcsClient client;
  private final Storage storage;
  private final GcsErrors errors;
  private final int chunkBytes;
  private final TransferCounts counts;

  private byte[] head = new byte[0];
  private int headBytes;
  private WriteChannel upload;
  private Optional<String> uploadAddress = Optional.empty();

  ObjectWriter(
      Location location,
      GcsClient client,
      Storage storage,
      GcsErrors errors,
      int chunkBytes,
      TransferCounts counts) {
    this.location = location;
    this.state = new WriteState(location);
    this.client = client;
    this.storage = storage;
    this.errors = errors;
    this.chunkBytes = chunkBytes;
    this.counts = counts;
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    state.requireWriting();
    if (upload == null && headBytes + (long) source.remaining() <= chunkBytes) {
      keep(source);
      return;
    }
    if (upload == null) {
      begin();
      send(ByteBuffer.wrap(head, 0, headBytes));
      head = new byte[0];
    }
    send(source);
  }

  private void keep(ByteBuffer source) {
    int needed = headBytes + source.remaining();
    if (needed > head.length) {
      long roomy = headBytes == 0 ? needed : Math.max(needed, 2L * head.length);
      head = Arrays.copyOf(head, (int) Math.min(chunkBytes, Math.max(SMALLEST_BYTES, roomy)));
    }
    source.get(head, headBytes, source.remaining());
    headBytes = needed;
  }

  private void begin() throws IOException {
    try (GcsCall call = GcsCall.begin()) {
      try {
        upload = storage.writer(object(), BlobWriteOption.disableGzipContent());
        upload.setChunkSize(chunkBytes);
        noteAddress(call);
      } catch (RuntimeException e) {
        throw failed(e, call, "Cannot begin to write");
      }
    }
  }

  private void send(ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      // At most a chunk at a time, which is at most one request.
      ByteBuffer piece = source.slice(source.position(), Math.min(chunkBytes, source.remaining()));
      try (GcsCall call = GcsCall.begin()) {
        try {
          upload.write(piece);
          noteAddress(call);
        } catch (IOException | RuntimeException e) {
          throw failed(e, call, "Cannot write");
        }
      }
      source.position(source.position() + piece.position());
      counts.addWritten(piece.position());
    }
  }

  /** The library does not hand it out, but its answer is seen here. */
  private void noteAddress(GcsCall call) {
    if (uploadAddress.isEmpty()) {
      uploadAddress = call.uploadAddress();
    }
  }

  @Override
  public void sync() throws IOException {
    // Chunks that were sent are on stable storage; nothing can be seen before the commit.
    state.requireWriting();
  }

  @Override
  public void commit() throws IOException {
    state.requireWriting();
    try (GcsCall call = GcsCall.begin()) {
      try {
        if (upload == null) {
          storage.create(object(), head, 0, headBytes, BlobTargetOption.disableGzipContent());
          counts.addWritten(headBytes);
        } else {
          upload.close();
        }
      } catch (IOException | RuntimeException e) {
        throw failed(e, call, "Cannot commit");
      }
    }
    head = new byte[0];
    state.committed();
  }

  private BlobInfo object() {
    return BlobInfo.newBuilder(GcsStorage.id(location))
        .setContentType("application/octet-stream")
        .build();
  }

  private IOException failed(Exception failure, GcsCall call, String tried) {
    state.failed();
    return errors.sorted(failure, call, location, tried);
  }

  /** Closing the library's channel would finish the upload: it is cancelled instead. */
  @Override
  public void close() throws IOException {
    if (!state.closesUncommitted()) {
      return;
    }
    head = new byte[0];
    upload = null;
    if (uploadAddress.isPresent()) {
      try (GcsCall call = GcsCall.begin()) {
        try {
          client.cancelUpload(uploadAddress.get());
        } catch (IOException | RuntimeException e) {
          throw errors.sorted(e, call, location, "Cannot cancel the upload");
        }
      }
    }
  }
}
