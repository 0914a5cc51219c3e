/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

import io.dlioflink.source.split.DatasetSplit;
import io.dlioflink.source.split.DatasetSplitSerializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** Counts the messages an enumerator sends and their bytes, serialized as Flink does. */
final class CountingContext implements SplitEnumeratorContext<DatasetSplit> {
  private final DatasetSplitSerializer splits = new DatasetSplitSerializer();
  private final Map<Integer, ReaderInfo> readers = new HashMap<>();
  private final int parallelism;
  private long messages;
  private long bytes;

  CountingContext(int parallelism) {
    this.parallelism = parallelism;
    for (int rank = 0; rank < parallelism; rank++) {
      readers.put(rank, new ReaderInfo(rank, "localhost"));
    }
  }

  /** To the readers, so far. */
  long messages() {
    return messages;
  }

  /** Of the events and splits in them; what Flink wraps around them is not counted. */
  long bytes() {
    return bytes;
  }

  static int serializedBytes(Object event) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
      objects.writeObject(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.size();
  }

  @Override
  public SplitEnumeratorMetricGroup metricGroup() {
    return UnregisteredMetricsGroup.createSplitEnumeratorMetricGroup();
  }

  @Override
  public void sendEventToSourceReader(int subtask, SourceEvent event) {
    messages++;
    bytes += serializedBytes(event);
  }

  @Override
  public int currentParallelism() {
    return parallelism;
  }

  @Override
  public Map<Integer, ReaderInfo> registeredReaders() {
    return readers;
  }

  @Override
  public void assignSplits(SplitsAssignment<DatasetSplit> assignment) {
    assignment
        .assignment()
        .forEach(
            (rank, assigned) -> {
              messages++;
              assigned.forEach(split -> bytes += splits.serialize(split).length);
            });
  }

  @Override
  public void signalNoMoreSplits(int subtask) {
    messages++;
  }

  @Override
  public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
    T result;
    try {
      result = callable.call();
    } catch (Exception e) {
      handler.accept(null, e);
      return;
    }
    handler.accept(result, null);
  }

  @Override
  public <T> void callAsync(
      Callable<T> callable,
      BiConsumer<T, Throwable> handler,
      long initialDelayMillis,
      long periodMillis) {
    throw new IllegalStateException("The dataset is looked at once");
  }

  @Override
  public void runInCoordinatorThread(Runnable runnable) {
    runnable.run();
  }
}
