/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import io.dlioflink.source.BatchRequest;
import io.dlioflink.source.DatasetSource;
import io.dlioflink.source.RunStart;
import io.dlioflink.source.SourceSignal;
import io.dlioflink.source.barrier.StepBarrier;
import io.dlioflink.source.enumerator.RegisterEvent;
import io.dlioflink.source.enumerator.RunStartEvent;
import io.dlioflink.source.split.DatasetSplit;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.SampleOrder.Epoch;
import io.dlioflink.workload.order.SampleOrders;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.annotation.Nullable;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;

/** Turns the shares of one rank into batch requests, in order. All methods in the task's thread. */
public final class DatasetSourceReader implements SourceReader<SourceSignal, DatasetSplit> {
  /** In generation: files of about this many bytes together make a request. */
  private static final long GENERATION_REQUEST_BYTES = 1 << 20;

  private static final int MAX_FILES_PER_REQUEST = 64;

  private final SourceReaderContext context;
  private final DatasetSource.Settings settings;
  private final List<Pass> passes;
  private final int filesPerRequest;
  private final Deque<DatasetSplit> splits = new ArrayDeque<>();

  private CompletableFuture<Void> available = new CompletableFuture<>();
  private @Nullable RunStart start;
  private boolean startEmitted;
  private boolean noMoreSplits;
  private int orderedPass = -1;
  private @Nullable Epoch order;

  public DatasetSourceReader(SourceReaderContext context, DatasetSource.Settings settings) {
    this.context = context;
    this.settings = settings;
    this.passes = settings.passes();
    this.filesPerRequest = filesPerRequest(settings.workload().dataset());
  }

  private static int filesPerRequest(DatasetConfig dataset) {
    double fileBytes = dataset.recordLengthBytes() * dataset.numSamplesPerFile();
    return (int) Math.max(1, Math.min(MAX_FILES_PER_REQUEST, GENERATION_REQUEST_BYTES / fileBytes));
  }

  @Override
  public void start() {
    context.sendSourceEventToCoordinator(new RegisterEvent(StepBarrier.jvmId(), restoredPass()));
  }

  private @Nullable Integer restoredPass() {
    return settings.purpose() == DatasetSource.Purpose.TRAIN && !splits.isEmpty()
        ? splits.peek().passIndex()
        : null;
  }

  @Override
  public void handleSourceEvents(SourceEvent event) {
    if (event instanceof RunStartEvent started) {
      start = started.start();
      if (restoredPass() != null) {
        // Other ranks may have been a pass behind.
        splits.clear();
        splits.add(ofPass(start.progress().firstPass()));
      }
      available.complete(null);
    }
  }

  private DatasetSplit ofPass(int passIndex) {
    return DatasetSplit.ofPass(passIndex, start.rank(), passes);
  }

  @Override
  public void addSplits(List<DatasetSplit> added) {
    List<DatasetSplit> all = new ArrayList<>(splits);
    all.addAll(added);
    all.sort(Comparator.comparingInt(DatasetSplit::passIndex));
    splits.clear();
    splits.addAll(all);
    available.complete(null);
  }

  @Override
  public void notifyNoMoreSplits() {
    noMoreSplits = true;
    available.complete(null);
  }

  @Override
  public InputStatus pollNext(ReaderOutput<SourceSignal> output) {
    if (start == null) {
      return nothingAvailable();
    }
    if (!startEmitted) {
      startEmitted = true;
      output.collect(start);
      return InputStatus.MORE_AVAILABLE;
    }
    DatasetSplit split = splits.poll();
    if (split == null) {
      return noMoreSplits ? InputStatus.END_OF_INPUT : nothingAvailable();
    }
    if (split.position() < split.end()) {
      long[] ids = ids(split);
      // The position moves on before the request leaves: a snapshot may be taken while the reader
      // operator makes room.
      splits.addFirst(split.at(split.position() + ids.length));
      output.collect(new BatchRequest(split.passIndex(), step(split), ids));
    } else if (split.passIndex() + 1 < passes.size()) {
      splits.addFirst(split.nextPass(passes.get(split.passIndex() + 1).plan().samplesPerRank()));
    }
    return InputStatus.MORE_AVAILABLE;
  }

  private long step(DatasetSplit split) {
    if (settings.purpose().ofFiles()) {
      return split.position() + 1;
    }
    return split.position() / passes.get(split.passIndex()).plan().batchSize() + 1;
  }

  private long[] ids(DatasetSplit split) {
    boolean files = settings.purpose().ofFiles();
    int wanted = files ? filesPerRequest : passes.get(split.passIndex()).plan().batchSize();
    long[] ids = new long[(int) Math.min(wanted, split.end() - split.position())];
    if (files) {
      for (int i = 0; i < ids.length; i++) {
        ids[i] = split.position() + i;
      }
      return ids;
    }
    Epoch epoch = order(split.passIndex());
    for (int i = 0; i < ids.length; i++) {
      ids[i] = epoch.sampleAt(split.rank(), split.position() + i);
    }
    return ids;
  }

  private Epoch order(int passIndex) {
    if (orderedPass != passIndex || order == null) {
      Pass pass = passes.get(passIndex);
      order = SampleOrders.of(settings.workload(), pass.part(), pass.plan()).epoch(pass.epoch());
      orderedPass = passIndex;
    }
    return order;
  }

  private InputStatus nothingAvailable() {
    if (available.isDone()) {
      available = new CompletableFuture<>();
    }
    return InputStatus.NOTHING_AVAILABLE;
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return available;
  }

  /**
   * In training the pass that the accelerator is in, from its start: what lies between here and
   * there is in no state, and a pass that was measured in two pieces would be no measurement.
   */
  @Override
  public List<DatasetSplit> snapshotState(long checkpointId) {
    return settings.purpose() == DatasetSource.Purpose.TRAIN && start != null
        ? List.of(ofPass(start.progress().passesEnded()))
        : new ArrayList<>(splits);
  }

  @Override
  public void close() {}
}
