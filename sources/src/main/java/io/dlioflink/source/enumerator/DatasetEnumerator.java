/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.enumerator;

import io.dlioflink.format.DatasetMarker;
import io.dlioflink.format.DatasetStorages;
import io.dlioflink.source.DatasetSource;
import io.dlioflink.source.RankProgress;
import io.dlioflink.source.RunStart;
import io.dlioflink.source.barrier.BarrierTicket;
import io.dlioflink.source.barrier.BarrierTicket.Server;
import io.dlioflink.source.dataset.DatasetFacts;
import io.dlioflink.source.dataset.DatasetSurvey;
import io.dlioflink.source.split.DatasetSplit;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.checkpoint.CheckpointPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.annotation.Nullable;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the dataset once, waits until every rank has registered, opens the step barrier if the
 * ranks are in several JVMs, and hands every rank its shares of all passes at once. Runs in the job
 * manager; all methods in one thread.
 */
public final class DatasetEnumerator
    implements SplitEnumerator<DatasetSplit, DatasetEnumeratorState> {
  private static final Logger LOG = LoggerFactory.getLogger(DatasetEnumerator.class);

  private final SplitEnumeratorContext<DatasetSplit> context;
  private final DatasetSource.Settings settings;
  private final Set<Integer> unassigned;
  private final Muster muster = new Muster();
  private @Nullable DatasetFacts facts;
  private @Nullable BarrierHost barrierHost;

  private DatasetEnumerator(
      SplitEnumeratorContext<DatasetSplit> context,
      DatasetSource.Settings settings,
      Set<Integer> unassigned) {
    this.context = context;
    this.settings = settings;
    this.unassigned = new TreeSet<>(unassigned);
  }

  /** An enumerator that has assigned nothing. */
  public static DatasetEnumerator fresh(
      SplitEnumeratorContext<DatasetSplit> context, DatasetSource.Settings settings) {
    return new DatasetEnumerator(
        context,
        settings,
        IntStream.range(0, settings.ranks()).boxed().collect(Collectors.toSet()));
  }

  /** An enumerator after a restore. */
  public static DatasetEnumerator restored(
      SplitEnumeratorContext<DatasetSplit> context,
      DatasetSource.Settings settings,
      DatasetEnumeratorState state) {
    return new DatasetEnumerator(context, settings, state.unassignedRanks());
  }

  @Override
  public void start() {
    if (context.currentParallelism() != settings.ranks()) {
      throw new IllegalStateException(
          "%d ranks need a parallelism of %d, found %d"
              .formatted(settings.ranks(), settings.ranks(), context.currentParallelism()));
    }
    context.callAsync(this::survey, this::surveyed);
  }

  private DatasetFacts survey() throws IOException {
    try (Storage storage = DatasetStorages.open(settings.workload(), settings.root())) {
      return switch (settings.purpose()) {
        case GENERATE -> {
          AbandonedWrites.ofDataset(storage, settings.root());
          yield DatasetFacts.forGeneration(claim(storage));
        }
        case CHECKPOINT -> {
          // Not below the root: another run may be writing to folders of its own there.
          for (int step = 1;
              step <= settings.workload().checkpoint().numCheckpointsWrite();
              step++) {
            AbandonedWrites.ofCheckpoint(
                storage, settings.root().child(CheckpointPlan.folderName(1, step)));
          }
          yield DatasetFacts.none();
        }
        case VERIFY ->
            new DatasetSurvey(storage, settings.root(), settings.workload().dataset()).forCheck();
        case TRAIN ->
            new DatasetSurvey(storage, settings.root(), settings.workload().dataset())
                .survey(
                    settings.passes().stream()
                        .map(Pass::part)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(DatasetPart.class))));
      };
    }
  }

  /** Marks the folder as ours; says whether complete files in it may be kept. */
  private boolean claim(Storage storage) throws IOException {
    DatasetMarker marker =
        DatasetMarker.of(settings.workload().dataset(), DatasetMarker.State.GENERATING);
    Optional<DatasetMarker> found = DatasetMarker.read(storage, settings.root());
    boolean ours = found.filter(present -> present.holds(marker)).isPresent();
    if (ours || isEmpty(storage)) {
      marker.write(storage, settings.root());
    } else {
      marker.in(DatasetMarker.State.REPLACING).write(storage, settings.root());
    }
    // DLIO makes both whatever it generates, and does not train without them.
    for (DatasetPart part : DatasetPart.values()) {
      storage.createFolder(settings.root().child(part.folder()));
    }
    return ours;
  }

  private boolean isEmpty(Storage storage) throws IOException {
    for (DatasetPart part : DatasetPart.values()) {
      try (StorageListing files = storage.list(settings.root().child(part.folder()))) {
        if (files.next().isPresent()) {
          return false;
        }
      } catch (StorageException e) {
        if (e.reason() != StorageException.Reason.MISSING) {
          throw e;
        }
      }
    }
    return true;
  }

  private void surveyed(DatasetFacts found, @Nullable Throwable failure) {
    if (failure != null) {
      // Looking again would find the same.
      throw new SuppressRestartsException(
          failure instanceof IOException io
              ? new UncheckedIOException(io.getMessage(), io)
              : new IllegalStateException("The dataset could not be looked at", failure));
    }
    found.notices().forEach(LOG::warn);
    facts = found;
    launchIfComplete();
  }

  @Override
  public void handleSplitRequest(int subtask, @Nullable String host) {
    // Shares are pushed: a pulled split could give one rank two and leave another at the barrier.
  }

  @Override
  public void addReader(int subtask) {
    // The reader's own event follows and says which JVM it is in.
  }

  @Override
  public void handleSourceEvent(int subtask, SourceEvent event) {
    if (event instanceof RegisterEvent register) {
      muster.arrived(subtask, register, System.nanoTime());
      launchIfComplete();
    }
  }

  @Override
  public void addSplitsBack(List<DatasetSplit> splits, int subtask) {
    muster.gone(subtask);
    // Without splits the rank has them in its own restored state.
    if (!splits.isEmpty()) {
      unassigned.add(subtask);
    }
    if (settings.purpose() == DatasetSource.Purpose.GENERATE && facts != null) {
      // What was written before the failure is ours now: look again, so that it is kept.
      facts = null;
      context.callAsync(this::survey, this::surveyed);
    }
  }

  private void launchIfComplete() {
    if (facts == null || muster.size() < settings.ranks()) {
      return;
    }
    String runId = UUID.randomUUID().toString();
    Map<String, Integer> partiesOfJvm = muster.partiesOfJvm();
    int firstPass = firstPass();
    Server server = openBarrier(partiesOfJvm.size());
    long lastNanos = muster.lastNanos();
    DatasetFacts known = muster.unevenness().map(facts::withNotice).orElse(facts);
    Map<Integer, List<DatasetSplit>> assignment = new HashMap<>();
    for (int rank = 0; rank < settings.ranks(); rank++) {
      BarrierTicket ticket = new BarrierTicket(runId, partiesOfJvm.get(muster.jvm(rank)), server);
      RunStart start =
          new RunStart(
              rank,
              settings.ranks(),
              ticket,
              known,
              new RankProgress(firstPass),
              lastNanos - muster.nanos(rank));
      context.sendEventToSourceReader(rank, new RunStartEvent(start));
      boolean ended = endedBefore(rank);
      if (unassigned.remove(rank) || ended) {
        assignment.put(rank, splits(rank, firstPass));
      }
    }
    context.assignSplits(new SplitsAssignment<>(assignment));
    for (int rank = 0; rank < settings.ranks(); rank++) {
      context.signalNoMoreSplits(rank);
    }
    LOG.info(
        "Started {} ranks in {} JVMs; {}",
        settings.ranks(),
        partiesOfJvm.size(),
        muster.account(hosts()));
  }

  private Map<Integer, String> hosts() {
    Map<Integer, String> hosts = new HashMap<>();
    context.registeredReaders().forEach((rank, reader) -> hosts.put(rank, reader.getLocation()));
    return hosts;
  }

  /**
   * The pass all ranks begin with: the first that one of them had not ended when the state was
   * taken from which they were restored.
   */
  private int firstPass() {
    if (settings.purpose() != DatasetSource.Purpose.TRAIN) {
      return 0;
    }
    int first = settings.passes().size();
    for (int rank = 0; rank < settings.ranks(); rank++) {
      Integer restored = muster.restoredPass(rank);
      if (restored != null) {
        first = Math.min(first, restored);
      } else if (!endedBefore(rank)) {
        first = 0;
      }
    }
    return first;
  }

  /** Flink drops the state of a rank that had ended when the others were recorded. */
  private boolean endedBefore(int rank) {
    return settings.purpose() == DatasetSource.Purpose.TRAIN
        && muster.restoredPass(rank) == null
        && !unassigned.contains(rank);
  }

  private List<DatasetSplit> splits(int rank, int firstPass) {
    if (settings.purpose().ofFiles()) {
      long files = DatasetLayout.of(settings.workload().dataset()).totalFiles();
      long from = files * rank / settings.ranks();
      long to = files * (rank + 1) / settings.ranks();
      return from == to ? Collections.emptyList() : List.of(new DatasetSplit(0, rank, from, to));
    }
    if (settings.purpose() == DatasetSource.Purpose.CHECKPOINT) {
      return Collections.emptyList();
    }
    return List.of(DatasetSplit.ofPass(firstPass, rank, settings.passes()));
  }

  private @Nullable Server openBarrier(int jvms) {
    closeBarrier();
    if (jvms == 1 || settings.purpose().ofFiles()) {
      return null;
    }
    try {
      List<String> hosts =
          context.registeredReaders().values().stream()
              .map(reader -> reader.getLocation())
              .distinct()
              .toList();
      barrierHost = BarrierHost.open(settings.endpoint(), hosts, jvms);
      return barrierHost.advertised();
    } catch (IOException e) {
      throw new UncheckedIOException("The step barrier could not be opened", e);
    }
  }

  private void closeBarrier() {
    if (barrierHost != null) {
      barrierHost.close();
      barrierHost = null;
    }
  }

  @Override
  public DatasetEnumeratorState snapshotState(long checkpointId) {
    return new DatasetEnumeratorState(unassigned);
  }

  @Override
  public void close() {
    closeBarrier();
  }
}
