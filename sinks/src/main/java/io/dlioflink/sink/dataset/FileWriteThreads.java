/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

import io.dlioflink.storage.IoWorkers;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The threads that write the dataset files of one rank. */
final class FileWriteThreads implements Closeable {
  private final IoWorkers<WriteRequest> workers;

  FileWriteThreads(
      String name,
      int threadCount,
      Supplier<DatasetFileWriter> writers,
      Runnable completed,
      Consumer<Throwable> failed) {
    this(name, threadCount, writers, completed, failed, IoWorkers.STOP_TIMEOUT);
  }

  FileWriteThreads(
      String name,
      int threadCount,
      Supplier<DatasetFileWriter> writers,
      Runnable completed,
      Consumer<Throwable> failed,
      Duration stopTimeout) {
    workers =
        new IoWorkers<>(
            name,
            threadCount,
            number -> new RequestWriter(writers.get(), completed),
            failed,
            stopTimeout);
  }

  void submit(WriteRequest request) {
    workers.submit(request);
  }

  @Override
  public void close() {
    workers.close();
  }

  /** What one thread does. */
  private record RequestWriter(DatasetFileWriter writer, Runnable completed)
      implements IoWorkers.Worker<WriteRequest> {
    @Override
    public void work(WriteRequest request) throws IOException {
      for (long fileNumber : request.fileNumbers()) {
        writer.write(fileNumber, request.keepComplete());
      }
      completed.run();
    }

    @Override
    public void close() {
      writer.close();
    }
  }
}
