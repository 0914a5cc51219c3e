/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.Location;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** An object on its way in parts, several at once. Parts are added by one thread. */
final class MultipartUpload {
  private final UploadRequests requests;
  private final PartBuffers buffers;
  private final Executor threads;
  private final TransferCounts counts;
  private final Location location;
  private final String uploadId;

  // Guarded by this.
  private final Map<Integer, CompletedPart> done = new TreeMap<>();
  private int underWay;
  private IOException failure;

  private int added;
  private long lengthBytes;

  private MultipartUpload(
      UploadRequests requests,
      PartBuffers buffers,
      Executor threads,
      TransferCounts counts,
      Location location,
      String uploadId) {
    this.requests = requests;
    this.buffers = buffers;
    this.threads = threads;
    this.counts = counts;
    this.location = location;
    this.uploadId = uploadId;
  }

  static MultipartUpload begin(
      UploadRequests requests,
      PartBuffers buffers,
      Executor threads,
      TransferCounts counts,
      Location location)
      throws IOException {
    return new MultipartUpload(
        requests, buffers, threads, counts, location, requests.create(location));
  }

  /**
   * Sends a part. Returns before it is sent, unless too many are on their way already.
   *
   * @param content buffers that go back to the pool when they are sent
   * @throws IOException if this or an earlier part cannot be sent
   */
  void add(List<ByteBuffer> content, long bytes) throws IOException {
    try {
      throwFailure();
      buffers.awaitSending(content.size());
    } catch (IOException e) {
      buffers.give(content);
      throw e;
    }
    int number = ++added;
    lengthBytes += bytes;
    synchronized (this) {
      underWay++;
    }
    try {
      threads.execute(() -> send(number, content, bytes));
    } catch (RejectedExecutionException e) {
      IOException closed = new IOException("The storage is closed: " + location, e);
      ended(content, null, closed);
      throw closed;
    }
  }

  private void send(int number, List<ByteBuffer> content, long bytes) {
    CompletedPart part = null;
    IOException failed = null;
    try {
      part = hasFailed() ? null : requests.putPart(location, uploadId, number, content);
      counts.addWritten(part == null ? 0 : bytes);
    } catch (IOException e) {
      failed = e;
    } catch (RuntimeException | Error e) {
      failed = new IOException("Cannot write part %d: %s".formatted(number, location), e);
    } finally {
      ended(content, part, failed);
    }
  }

  private synchronized boolean hasFailed() {
    return failure != null;
  }

  private void ended(List<ByteBuffer> content, CompletedPart part, IOException failed) {
    buffers.give(content);
    buffers.sent(content.size());
    synchronized (this) {
      underWay--;
      failure = failure == null ? failed : failure;
      if (part != null) {
        done.put(part.partNumber(), part);
      }
      notifyAll();
    }
  }

  private synchronized void throwFailure() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  /** Waits for all parts and makes them an object. */
  void complete() throws IOException {
    awaitParts();
    throwFailure();
    requests.complete(location, uploadId, List.copyOf(done.values()), lengthBytes);
  }

  private synchronized void awaitParts() throws InterruptedIOException {
    try {
      while (underWay > 0) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while parts were being sent");
    }
  }

  /**
   * Drops the upload and all its parts, also in a thread that is interrupted. Parts under way end
   * first: one that arrives later would stay.
   */
  void abort() throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      synchronized (this) {
        // What has not begun is not sent any more.
        failure = failure == null ? new IOException("Dropped: " + location) : failure;
      }
      awaitParts();
      requests.abort(location, uploadId);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
