/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.enumerator;

import io.dlioflink.source.RunStart;
import io.dlioflink.source.split.DatasetSplit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** Remembers what the enumerator does; asynchronous calls run when the test says so. */
final class FakeEnumeratorContext implements SplitEnumeratorContext<DatasetSplit> {
  final Map<Integer, RunStart> starts = new TreeMap<>();
  final Map<Integer, List<DatasetSplit>> splits = new TreeMap<>();
  final List<Integer> noMoreSplits = new ArrayList<>();
  private final Map<Integer, ReaderInfo> readers = new HashMap<>();
  private final List<Runnable> pending = new ArrayList<>();
  private final int parallelism;

  FakeEnumeratorContext(int parallelism) {
    this.parallelism = parallelism;
  }

  void register(int subtask, String host) {
    readers.put(subtask, new ReaderInfo(subtask, host));
  }

  void runPendingCalls() {
    List<Runnable> calls = List.copyOf(pending);
    pending.clear();
    calls.forEach(Runnable::run);
  }

  void forget() {
    starts.clear();
    splits.clear();
    noMoreSplits.clear();
  }

  @Override
  public SplitEnumeratorMetricGroup metricGroup() {
    return UnregisteredMetricsGroup.createSplitEnumeratorMetricGroup();
  }

  @Override
  public void sendEventToSourceReader(int subtask, SourceEvent event) {
    starts.put(subtask, ((RunStartEvent) event).start());
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
            (subtask, added) ->
                splits.computeIfAbsent(subtask, key -> new ArrayList<>()).addAll(added));
  }

  @Override
  public void signalNoMoreSplits(int subtask) {
    noMoreSplits.add(subtask);
  }

  @Override
  public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
    pending.add(
        () -> {
          T result;
          try {
            result = callable.call();
          } catch (Exception e) {
            handler.accept(null, e);
            return;
          }
          handler.accept(result, null);
        });
  }

  @Override
  public <T> void callAsync(
      Callable<T> callable,
      BiConsumer<T, Throwable> handler,
      long initialDelayMillis,
      long periodMillis) {
    throw new AssertionError("The dataset is looked at once");
  }

  @Override
  public void runInCoordinatorThread(Runnable runnable) {
    runnable.run();
  }
}
