/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import io.dlioflink.format.FileInput;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.source.BatchRequest;
import io.dlioflink.source.dataset.DatasetFiles;
import io.dlioflink.storage.IoWorkers;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.workload.DurationSampler;
import io.dlioflink.workload.EmulatedWork;
import io.dlioflink.workload.TimeSpec;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * The I/O threads of one rank. A thread reads a whole batch, sample after sample, as the workers of
 * PyTorch's loader do. Memory is threads times chunk, whatever the size of the samples.
 */
final class SampleReadThreads implements Closeable {

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
   * @param places one permit for each batch that may be in flight or waiting; a thread takes one
   *     before it takes a batch, and whoever takes the batch away gives it back
   */
  record Job(
      Storage storage,
      Location root,
      SampleFormat format,
      int samplesPerFile,
      int chunkBytes,
      TimeSpec preprocessTime,
      long seed,
      Semaphore places) {}

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

  private final IoWorkers<Task> workers;

  SampleReadThreads(
      String name,
      int threadCount,
      Job job,
      ReadTelemetry telemetry,
      Consumer<Task> completed,
      Consumer<Throwable> failed) {
    this(name, threadCount, job, telemetry, completed, failed, IoWorkers.STOP_TIMEOUT);
  }

  SampleReadThreads(
      String name,
      int threadCount,
      Job job,
      ReadTelemetry telemetry,
      Consumer<Task> completed,
      Consumer<Throwable> failed,
      Duration stopTimeout) {
    telemetry.ioCountsFrom(job.storage()::ioCounts);
    workers =
        new IoWorkers<>(
            name,
            threadCount,
            number -> new BatchReader(job, telemetry, completed, number),
            failed,
            stopTimeout);
  }

  void submit(Task task) {
    workers.submit(task);
  }

  @Override
  public void close() {
    workers.close();
  }

  /** What one thread does. */
  private static final class BatchReader implements IoWorkers.Worker<Task> {
    private final Job job;
    private final ReadTelemetry telemetry;
    private final Consumer<Task> completed;
    private final FileInput input;
    private final SampleFileDecoder decoder;
    private final DurationSampler preprocess;

    BatchReader(Job job, ReadTelemetry telemetry, Consumer<Task> completed, int number) {
      this.job = job;
      this.telemetry = telemetry;
      this.completed = completed;
      this.input = new FileInput(job.chunkBytes());
      this.decoder = job.format().newDecoder(job.samplesPerFile());
      this.preprocess = job.preprocessTime().sampler(job.seed() * 31 + number);
    }

    @Override
    public void beforeTake() throws InterruptedException {
      job.places().acquire();
    }

    @Override
    public void work(Task task) throws IOException, InterruptedException {
      int samplesPerFile = job.samplesPerFile();
      long bytesBefore = input.storageBytes();
      long sampleBytes = 0;
      for (long id : task.request.ids()) {
        Location file = job.root().child(task.files.relativePath(id / samplesPerFile));
        sampleBytes += read(file, (int) (id % samplesPerFile));
        EmulatedWork.sleep(preprocess.nextNanos());
      }
      task.sampleBytes = sampleBytes;
      task.storageBytes = input.storageBytes() - bytesBefore;
      task.done = true;
      completed.accept(task);
    }

    private long read(Location file, int sample) throws IOException {
      long storageNanos = -input.storageNanos();
      long storageBytes = -input.storageBytes();
      long start = System.nanoTime();
      long decoded;
      try {
        input.open(job.storage(), file);
        decoded = decoder.decode(input, sample);
      } finally {
        input.close();
      }
      long elapsed = System.nanoTime() - start;
      storageNanos += input.storageNanos();
      storageBytes += input.storageBytes();
      telemetry.record(storageNanos, elapsed - storageNanos, decoded, storageBytes);
      return decoded;
    }

    @Override
    public void close() {
      decoder.close();
    }
  }
}
