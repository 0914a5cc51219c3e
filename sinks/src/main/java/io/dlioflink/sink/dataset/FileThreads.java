/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

import io.dlioflink.storage.IoWorkers;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The threads that work on the dataset files of one rank.
 *
 * @param <T> names some files
 */
final class FileThreads<T> implements Closeable {

  /**
   * What one thread does; made, used and closed in it.
   *
   * @param <T> names some files
   */
  interface FileWorker<T> extends Closeable {
    /** Works on all files of a request. */
    void work(T request) throws IOException;

    @Override
    void close();
  }

  private final IoWorkers<T> workers;

  FileThreads(
      String name,
      int threadCount,
      Supplier<? extends FileWorker<T>> fileWorkers,
      Runnable completed,
      Consumer<Throwable> failed) {
    this(name, threadCount, fileWorkers, completed, failed, IoWorkers.STOP_TIMEOUT);
  }

  FileThreads(
      String name,
      int threadCount,
      Supplier<? extends FileWorker<T>> fileWorkers,
      Runnable completed,
      Consumer<Throwable> failed,
      Duration stopTimeout) {
    workers =
        new IoWorkers<>(
            name,
            threadCount,
            number -> new Notifying<>(fileWorkers.get(), completed),
            failed,
            stopTimeout);
  }

  void submit(T request) {
    workers.submit(request);
  }

  @Override
  public void close() {
    workers.close();
  }

  private record Notifying<T>(FileWorker<T> worker, Runnable completed)
      implements IoWorkers.Worker<T> {
    @Override
    public void work(T request) throws IOException {
      worker.work(request);
      completed.run();
    }

    @Override
    public void close() {
      worker.close();
    }
  }
}
