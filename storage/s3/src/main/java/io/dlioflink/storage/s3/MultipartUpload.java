/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.TransferCounts;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** An object on its way in parts, several at once. Parts are added by one thread. */
final class MultipartUpload {
  private static final Duration SOON = Duration.ofSeconds(2);

  private final UploadRequests requests;
  private final PartBuffers buffers;
  private final Executor threads;
  private final TransferCounts counts;
  private final Location location;
  private final String uploadId;

  // Guarded by this.
  private final Map<Integer, CompletedPart> done = new TreeMap<>();
  private final Set<Thread> senders = new HashSet<>();
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
      synchronized (this) {
        senders.add(Thread.currentThread());
      }
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
      senders.remove(Thread.currentThread());
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
   * Drops the upload and all its parts. Parts under way end first: one that arrives later would
   * stay. A thread that is interrupted does not wait long: it breaks off what is under way, and
   * leaves what it cannot drop soon to the next {@code removeAbandonedWrites}.
   */
  void abort() throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      synchronized (this) {
        // What has not begun is not sent any more.
        failure = failure == null ? new IOException("Dropped: " + location) : failure;
      }
      if (interrupted) {
        abortSoon();
      } else {
        awaitParts();
        requests.abort(location, uploadId);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void abortSoon() throws IOException {
    FutureTask<Boolean> abort = new FutureTask<>(() -> requests.abort(location, uploadId));
    try {
      synchronized (this) {
        senders.forEach(Thread::interrupt);
        long end = System.nanoTime() + SOON.toNanos();
        for (long left = SOON.toNanos(); underWay > 0 && left > 0; left = end - System.nanoTime()) {
          TimeUnit.NANOSECONDS.timedWait(this, left);
        }
      }
      threads.execute(abort);
      abort.get(SOON.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
    } catch (InterruptedException | TimeoutException | RejectedExecutionException e) {
      abort.cancel(true);
      throw new IOException("The upload of %s could not be dropped".formatted(location), e);
    }
  }
}
