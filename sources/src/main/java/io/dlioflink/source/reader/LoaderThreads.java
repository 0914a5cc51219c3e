/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import io.dlioflink.workload.DataLoader;
import io.dlioflink.workload.ReaderConfig;

/**
 * How a loader shares its work out. With us a thread always reads a whole batch, sample after
 * sample, as PyTorch's workers do; what other loaders do is brought to that form:
 *
 * <ul>
 *   <li>pytorch: W workers, {@code W * ceil(prefetch_size / W)} batches in flight or waiting, 2 per
 *       worker if {@code prefetch_size} is 0; without workers each batch is read when the step
 *       before it has ended.
 *   <li>tensorflow: one batch in flight per thread and {@code prefetch_size} waiting behind them.
 *       TensorFlow's {@code read_threads} of TFRecord files fill one batch together: the same
 *       requests at a time, but here they belong to several batches.
 *   <li>dali, native_dali: {@code prefetch_size} batches, 2 if it is 0, in flight or waiting; at
 *       least one per thread, for DALI's threads, too, share a batch.
 *   <li>synthetic: as pytorch; nothing is read.
 * </ul>
 *
 * <p>Loaders other than pytorch have at least one thread. Source: DLIO {@code data_loader/*.py}.
 *
 * @param threads that read
 * @param batchesAhead in flight or waiting for the accelerator
 * @param synchronous whether a batch is only read when the step before has ended
 */
public record LoaderThreads(int threads, int batchesAhead, boolean synchronous) {
  private static final int DEFAULT_PREFETCH = 2;

  /** The threads of one rank. */
  public static LoaderThreads of(ReaderConfig reader) {
    int threads = Math.max(1, reader.readThreads());
    int prefetch = reader.prefetchSize();
    DataLoader loader = reader.dataLoader();
    return switch (loader) {
      case TENSORFLOW -> new LoaderThreads(threads, Math.addExact(threads, prefetch), false);
      case DALI, NATIVE_DALI ->
          new LoaderThreads(
              threads, Math.max(threads, prefetch > 0 ? prefetch : DEFAULT_PREFETCH), false);
      case PYTORCH, SYNTHETIC, CUSTOM, NONE -> {
        if (reader.readThreads() == 0) {
          yield new LoaderThreads(1, 1, true);
        }
        long perWorker =
            prefetch > 0 ? ((long) prefetch + threads - 1) / threads : DEFAULT_PREFETCH;
        yield new LoaderThreads(threads, Math.toIntExact(threads * perWorker), false);
      }
    };
  }
}
