/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import io.dlioflink.format.DatasetFile;
import io.dlioflink.format.DecoderFactory;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.SampleListener;
import io.dlioflink.format.SequentialDecoder;
import io.dlioflink.source.BatchRequest;
import io.dlioflink.source.dataset.DatasetFiles;
import io.dlioflink.storage.IoWorkers;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.workload.DurationSampler;
import io.dlioflink.workload.EmulatedWork;
import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.TimeSpec;
import io.dlioflink.workload.order.CoverageProof;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import javax.annotation.Nullable;

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
   * @param decoders make the readers of the files
   * @param spec what the files hold
   * @param chunkBytes bytes per read request
   * @param preprocessTime sleep per sample
   * @param seed of the sleeps
   * @param places one permit for each batch that may be in flight or waiting; a thread takes one
   *     before it takes a batch, and whoever takes the batch away gives it back
   */
  record Job(
      Storage storage,
      Location root,
      DecoderFactory decoders,
      ReadSpec spec,
      int chunkBytes,
      TimeSpec preprocessTime,
      long seed,
      Semaphore places) {}

  /** A batch under way. */
  static final class Task {
    private final BatchRequest request;
    private final DatasetFiles files;
    private final long[] readingOrder;
    private long samples;
    private long coverage;
    private long sampleBytes;
    private long storageBytes;
    private List<SampleRead> reads = List.of();
    private volatile boolean done;

    Task(BatchRequest request, DatasetFiles files) {
      this(request, files, request.ids());
    }

    /** A batch whose samples are read in another order than that of the request. */
    Task(BatchRequest request, DatasetFiles files, long[] readingOrder) {
      this.request = request;
      this.files = files;
      this.readingOrder = readingOrder;
    }

    BatchRequest request() {
      return request;
    }

    boolean done() {
      return done;
    }

    long samples() {
      return samples;
    }

    long coverage() {
      return coverage;
    }

    long sampleBytes() {
      return sampleBytes;
    }

    long storageBytes() {
      return storageBytes;
    }

    List<SampleRead> reads() {
      return reads;
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
    telemetry.measureAt(job.storage());
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
    private final Consumer<Task> completed;
    private final FileInput input;
    private final SampleStopwatch stopwatch;
    private final SampleFileDecoder decoder;

    /** The decoder, if it reads streams; else null. */
    private final @Nullable SequentialDecoder sequential;

    private final SampleListener endOfSample = this::endOfSample;
    private final DurationSampler preprocess;
    private long samples;
    private long coverage;
    private long sampleBytes;
    private long firstOfRun;
    private int samplesOfRun;

    BatchReader(Job job, ReadTelemetry telemetry, Consumer<Task> completed, int number) {
      this.job = job;
      this.completed = completed;
      this.input = new FileInput(job.chunkBytes());
      this.stopwatch = telemetry.stopwatch(input);
      this.decoder = job.decoders().newDecoder(job.spec());
      this.sequential = decoder instanceof SequentialDecoder stream ? stream : null;
      this.preprocess = job.preprocessTime().sampler(job.seed() * 31 + number);
    }

    @Override
    public void beforeTake() throws InterruptedException {
      job.places().acquire();
    }

    @Override
    public void work(Task task) throws IOException, InterruptedException {
      long[] ids = task.readingOrder;
      long bytesBefore = input.storageBytes();
      samples = 0;
      coverage = 0;
      sampleBytes = 0;
      int next = 0;
      while (next < ids.length) {
        if (ids[next] == SampleOrder.PADDING) {
          next++;
          continue;
        }
        next += sequential == null ? readOne(task, ids[next]) : readRun(task, ids, next);
      }
      task.samples = samples;
      task.coverage = coverage;
      task.sampleBytes = sampleBytes;
      task.storageBytes = input.storageBytes() - bytesBefore;
      task.reads = stopwatch.takeReads();
      task.done = true;
      completed.accept(task);
    }

    private int readOne(Task task, long id) throws IOException, InterruptedException {
      stopwatch.begin();
      long decoded;
      try {
        input.open(job.storage(), file(task, id));
        decoded = decoder.decode(input, (int) (id % job.spec().samplesPerFile()));
      } finally {
        input.close();
      }
      endSample(id, decoded);
      EmulatedWork.sleep(preprocess.nextNanos());
      return 1;
    }

    /** Reads as many samples as follow each other in one file. */
    private int readRun(Task task, long[] ids, int from) throws IOException, InterruptedException {
      int samplesPerFile = job.spec().samplesPerFile();
      int first = (int) (ids[from] % samplesPerFile);
      int count = 1;
      while (from + count < ids.length
          && first + count < samplesPerFile
          && ids[from + count] == ids[from] + count) {
        count++;
      }
      stopwatch.begin();
      firstOfRun = ids[from];
      samplesOfRun = 0;
      try {
        input.open(job.storage(), file(task, ids[from]));
        sequential.decode(input, first, count, endOfSample);
      } finally {
        input.close();
      }
      if (samplesOfRun != count) {
        throw new IllegalStateException(
            "%s told of %d samples, asked for were %d"
                .formatted(sequential.getClass().getName(), samplesOfRun, count));
      }
      return count;
    }

    private DatasetFile file(Task task, long id) {
      return new DatasetFile(job.root(), task.files.relativePath(id / job.spec().samplesPerFile()));
    }

    private void endSample(long id, long decoded) {
      stopwatch.end(decoded);
      samples++;
      coverage += CoverageProof.hash(id);
      sampleBytes += decoded;
    }

    private void endOfSample(long decoded) throws IOException {
      endSample(firstOfRun + samplesOfRun, decoded);
      samplesOfRun++;
      try {
        EmulatedWork.sleep(preprocess.nextNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (InterruptedIOException) new InterruptedIOException().initCause(e);
      }
      stopwatch.begin();
    }

    @Override
    public void close() {
      decoder.close();
    }
  }
}
