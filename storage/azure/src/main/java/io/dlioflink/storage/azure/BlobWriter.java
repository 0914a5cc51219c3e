/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.specialized.BlockBlobAsyncClient;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.storage.WriteState;
import io.dlioflink.storage.azure.RequestMeter.Attempts;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A blob being uploaded: in one request if it fits into a block, else in blocks that a list joins
 * at the commit. Blocks without a list are seen by nobody, and Azure drops them after a week.
 */
final class BlobWriter implements StorageWriter {
  private static final int MAX_BLOCKS = 50_000;

  private final Location location;
  private final WriteState state;
  private final BlockBlobAsyncClient client;
  private final BlobRequests requests;
  private final Optional<LeanBlobs> lean;
  private final BlockUploads uploads;

  /** Two writers of one blob must not mix their blocks. */
  private final String idPrefix = UUID.randomUUID().toString().substring(24);

  private final List<String> blockIds = new ArrayList<>();
  private final Disposable.Composite underWay = Disposables.composite();
  private final Object lock = new Object();
  private int pending;
  private Throwable failure;

  private ByteBuffer block;

  BlobWriter(
      Location location,
      BlockBlobAsyncClient client,
      BlobRequests requests,
      Optional<LeanBlobs> lean,
      BlockUploads uploads) {
    this.location = location;
    this.state = new WriteState(location);
    this.client = client;
    this.requests = requests;
    this.lean = lean;
    this.uploads = uploads;
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    state.requireWriting();
    while (source.hasRemaining()) {
      if (block == null) {
        block = uploads.take(source.remaining());
      } else if (!block.hasRemaining()) {
        if (uploads.isBlock(block)) {
          stage();
          continue;
        }
        block = uploads.grow(block, source.remaining());
      }
      int bytes = Math.min(source.remaining(), block.remaining());
      block.put(block.position(), source, source.position(), bytes);
      block.position(block.position() + bytes);
      source.position(source.position() + bytes);
    }
  }

  /** Sends the block on its way, once others have made room. */
  private void stage() throws IOException {
    if (blockIds.size() == MAX_BLOCKS) {
      state.failed();
      throw new StorageException(
          Reason.UNSUPPORTED,
          location,
          "A blob holds %d blocks at most, and each of these has %d bytes; raise %s"
              .formatted(MAX_BLOCKS, block.capacity(), AzureOptions.BLOCK_BYTES));
    }
    try {
      uploads.begin();
    } catch (InterruptedException e) {
      throw interrupted();
    }
    ByteBuffer full = block.flip();
    block = null;
    String id = blockId(blockIds.size());
    blockIds.add(id);
    int bytes = full.remaining();
    Attempts attempts = new Attempts();
    synchronized (lock) {
      pending++;
    }
    Mono<Void> call =
        BlobRequests.counted(
                client.stageBlockWithResponse(id, replayable(full), bytes, null, null), attempts)
            .doOnNext(done -> staged(full, attempts))
            .then();
    underWay.add(call.doFinally(signal -> ended()).subscribe(done -> {}, this::failed));
    requireNoFailure();
  }

  private void staged(ByteBuffer sent, Attempts attempts) {
    uploads.counts().addWritten(sent.remaining());
    recycle(sent, attempts);
  }

  /** A connection that was given up may still read a buffer: only undisturbed ones are reused. */
  private void recycle(ByteBuffer sent, Attempts attempts) {
    if (attempts.isFirst()) {
      uploads.release(sent);
    }
  }

  private void failed(Throwable cause) {
    synchronized (lock) {
      if (failure == null) {
        failure = cause;
      }
    }
  }

  private void ended() {
    uploads.end();
    synchronized (lock) {
      pending--;
      lock.notifyAll();
    }
  }

  private String blockId(int number) {
    // All of a blob's must be of one length.
    String id = "%s-%05d".formatted(idPrefix, number);
    return Base64.getEncoder().encodeToString(id.getBytes(StandardCharsets.US_ASCII));
  }

  private static Flux<ByteBuffer> replayable(ByteBuffer bytes) {
    return Flux.defer(() -> Flux.just(bytes.duplicate()));
  }

  @Override
  public void sync() throws IOException {
    // What was sent is on stable storage; of the rest nothing can be seen before the commit.
    state.requireWriting();
  }

  @Override
  public void commit() throws IOException {
    state.requireWriting();
    try {
      if (blockIds.isEmpty()) {
        uploadWhole();
      } else {
        stage();
        awaitBlocks();
        requests.await(client.commitBlockList(blockIds, true));
      }
    } catch (IOException e) {
      state.failed();
      throw e;
    } catch (RuntimeException e) {
      state.failed();
      throw requests.sorted(e, location, "Cannot commit");
    }
    state.committed();
  }

  private void uploadWhole() throws IOException {
    ByteBuffer whole = block == null ? ByteBuffer.allocate(0) : block.flip();
    block = null;
    if (lean.isPresent()) {
      lean.get().put(location, whole);
      uploads.counts().addWritten(whole.remaining());
      if (whole.isDirect()) {
        uploads.release(whole);
      }
      return;
    }
    Attempts attempts = new Attempts();
    requests.await(
        BlobRequests.counted(
            client.uploadWithResponse(
                new BlockBlobSimpleUploadOptions(replayable(whole), whole.remaining())),
            attempts));
    uploads.counts().addWritten(whole.remaining());
    if (whole.isDirect()) {
      recycle(whole, attempts);
    }
  }

  private void awaitBlocks() throws IOException {
    synchronized (lock) {
      while (pending > 0 && failure == null) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          throw interrupted();
        }
      }
    }
    requireNoFailure();
  }

  private void requireNoFailure() throws IOException {
    Throwable found;
    synchronized (lock) {
      found = failure;
    }
    if (found != null) {
      state.failed();
      throw requests.sorted(found, location, "Cannot write");
    }
  }

  private IOException interrupted() {
    state.failed();
    Thread.currentThread().interrupt();
    return new InterruptedIOException("Interrupted while writing " + location);
  }

  @Override
  public void close() {
    if (!state.closesUncommitted()) {
      return;
    }
    underWay.dispose();
    if (block != null) {
      uploads.release(block);
      block = null;
    }
  }
}
