/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import io.dlioflink.format.FileInput;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.source.BatchRequest;
import io.dlioflink.source.dataset.DatasetFiles;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.workload.DurationSampler;
import io.dlioflink.workload.TimeSpec;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The I/O threads of one rank. A thread reads a whole batch, sample after sample, as the workers of
 * PyTorch's loader do. Memory is threads times chunk, whatever the size of the samples.
 */
final class SampleReadThreads implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(SampleReadThreads.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  /**
   * What to read, and how.
   *
   * @param storage open storage
   * @param root dataset folder
   * @param format of the files
   * @param samplesPerFile samples in each file
   * @param chunkBytes bytes per read request
   * @param preprocessTime sleep per sample
   * @param seed of the sleeps
   */
  record Job(
      Storage storage,
      Location root,
      SampleFormat format,
      int samplesPerFile,
      int chunkBytes,
      TimeSpec preprocessTime,
      long seed) {}

  /** A batch under way. */
  static final class Task {
    private final BatchRequest request;
    private final DatasetFiles files;
    private long sampleBytes;
    private long storageBytes;
    private volatile boolean done;

    Task(BatchRequest request, DatasetFiles files) {
      this.request = request;
      this.files = files;
    }

    BatchRequest request() {
      return request;
    }

    boolean done() {
      return done;
    }

    long sampleBytes() {
      return sampleBytes;
    }

    long storageBytes() {
      return storageBytes;
    }
  }

  private final Job job;
  private final ReadTelemetry telemetry;
  private final Consumer<Task> completed;
  private final Consumer<Throwable> failed;
  private final BlockingQueue<Task> queue = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Duration stopTimeout;
  private volatile boolean closed;

  SampleReadThreads(
      String name,
      int threadCount,
      Job job,
      ReadTelemetry telemetry,
      Consumer<Task> completed,
      Consumer<Throwable> failed) {
    this(name, threadCount, job, telemetry, completed, failed, STOP_TIMEOUT);
  }

  SampleReadThreads(
      String name,
      int threadCount,
      Job job,
      ReadTelemetry telemetry,
      Consumer<Task> completed,
      Consumer<Throwable> failed,
      Duration stopTimeout) {
    this.stopTimeout = stopTimeout;
    this.job = job;
    this.telemetry = telemetry;
    this.completed = completed;
    this.failed = failed;
    telemetry.ioCountsFrom(job.storage()::ioCounts);
    for (int i = 0; i < threadCount; i++) {
      long threadSeed = job.seed() * 31 + i;
      Thread thread = new Thread(() -> work(threadSeed), name + "-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  void submit(Task task) {
    queue.add(task);
  }

  private void work(long seed) {
    FileInput input = new FileInput(job.chunkBytes());
    DurationSampler preprocess = job.preprocessTime().sampler(seed);
    try (SampleFileDecoder decoder = job.format().newDecoder(job.samplesPerFile())) {
      while (!closed) {
        Task task = queue.take();
        read(task, input, decoder, preprocess);
        task.done = true;
        completed.accept(task);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RejectedExecutionException e) {
      LOG.debug("The task has ended before its read threads", e);
    } catch (Throwable e) {
      if (!closed) {
        failed.accept(e);
      }
    }
  }

  private void read(
      Task task, FileInput input, SampleFileDecoder decoder, DurationSampler preprocess)
      throws IOException, InterruptedException {
    int samplesPerFile = job.samplesPerFile();
    long bytesBefore = input.storageBytes();
    long sampleBytes = 0;
    for (long id : task.request.ids()) {
      Location file = job.root().child(task.files.relativePath(id / samplesPerFile));
      long storageNanos = -input.storageNanos();
      long storageBytes = -input.storageBytes();
      long start = System.nanoTime();
      long decoded;
      try {
        input.open(job.storage(), file);
        decoded = decoder.decode(input, (int) (id % samplesPerFile));
      } finally {
        input.close();
      }
      long elapsed = System.nanoTime() - start;
      storageNanos += input.storageNanos();
      storageBytes += input.storageBytes();
      telemetry.record(storageNanos, elapsed - storageNanos, decoded, storageBytes);
      sampleBytes += decoded;
      pause(preprocess.nextNanos());
    }
    task.sampleBytes = sampleBytes;
    task.storageBytes = input.storageBytes() - bytesBefore;
  }

  private static void pause(long nanos) throws InterruptedException {
    if (nanos <= 0) {
      return;
    }
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  /** Interrupts the threads and waits for them for a few seconds; storage may hang. */
  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
    long deadline = System.nanoTime() + stopTimeout.toNanos();
    for (Thread thread : threads) {
      try {
        thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (thread.isAlive()) {
        LOG.warn("{} still waits for storage; it ends when the storage answers", thread.getName());
      }
    }
  }
}
