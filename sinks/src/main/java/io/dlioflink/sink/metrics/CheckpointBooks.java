/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.sink.checkpoint.FileTransfer;
import io.dlioflink.storage.IoCounts;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.checkpoint.CheckpointPlan;
import io.dlioflink.workload.checkpoint.CheckpointSizes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import javax.annotation.Nullable;
import org.HdrHistogram.Histogram;

/** What is known of the checkpoints of a run, in memory that grows with their number alone. */
final class CheckpointBooks {
  private static final int SIGNIFICANT_DIGITS = 3;
  private static final double BUSY_PERCENT = 90;

  /** With less, opening files and their names take a share that says nothing of processors. */
  private static final long TELLING_BYTES = 64L << 20;

  /** Which checkpoint, in the order they are taken: all that are saved, then those loaded. */
  record Key(boolean save, int epoch, int number, long step) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      if (save != other.save) {
        return save ? -1 : 1;
      }
      return epoch == other.epoch
          ? Integer.compare(number, other.number)
          : Integer.compare(epoch, other.epoch);
    }

    String label() {
      return "%s %d of epoch %d"
          .formatted(save ? "checkpoint" : "reading checkpoint", number, epoch);
    }
  }

  /** What one rank did in one of them. */
  record Part(
      int rank,
      long startMicros,
      long endMicros,
      long durationNanos,
      int files,
      int checkedFiles,
      long payloadBytes,
      long rawBytes,
      long storedBytes,
      long storageNanos) {

    /** Share of the time in which storage was busy with this rank's bytes. */
    double storageBusyPercent() {
      return Math.min(100, 100.0 * storageNanos / Math.max(durationNanos, 1));
    }

    double seconds() {
      return Math.max(durationNanos, 1) / 1e9;
    }
  }

  private final Workload workload;
  private final CheckpointPlan plan;
  private @Nullable CheckpointSizes sizes;
  private final int ranks;
  private final NavigableMap<Key, List<Part>> rounds = new TreeMap<>();
  private final Map<Integer, IoCounts> ioCounts = new TreeMap<>();
  private IoCounts earlierIoCounts = IoCounts.ZERO;
  private boolean network;
  private final Set<String> notices = new LinkedHashSet<>();
  private final Histogram writeLatency = new Histogram(SIGNIFICANT_DIGITS);
  private final Histogram syncLatency = new Histogram(SIGNIFICANT_DIGITS);
  private final Histogram commitLatency = new Histogram(SIGNIFICANT_DIGITS);
  private final Histogram readLatency = new Histogram(SIGNIFICANT_DIGITS);
  private final Histogram verifyLatency = new Histogram(SIGNIFICANT_DIGITS);

  CheckpointBooks(Workload workload, int ranks) {
    this.workload = workload;
    this.ranks = ranks;
    this.plan = CheckpointPlan.of(workload, ranks);
  }

  void accept(CheckpointResult result) {
    Key key = new Key(result.save(), result.epoch(), result.number(), result.step());
    rounds.computeIfAbsent(key, k -> new ArrayList<>()).add(part(result));
    ioCounts.put(result.rank(), result.total());
    notices.addAll(result.notices());
    for (FileTransfer file : result.files()) {
      if (result.save()) {
        writeLatency.recordValue(file.transferNanos());
        commitLatency.recordValue(file.finishNanos());
        if (workload.checkpoint().fsync()) {
          syncLatency.recordValue(file.syncNanos());
        }
      } else {
        readLatency.recordValue(file.transferNanos());
        verifyLatency.recordValue(file.finishNanos());
      }
    }
  }

  private static Part part(CheckpointResult result) {
    List<FileTransfer> files = result.files();
    return new Part(
        result.rank(),
        result.startMicros(),
        result.endMicros(),
        result.durationNanos(),
        files.size(),
        (int) files.stream().filter(FileTransfer::checked).count(),
        files.stream().mapToLong(FileTransfer::payloadBytes).sum(),
        files.stream().mapToLong(FileTransfer::rawBytes).sum(),
        files.stream().mapToLong(FileTransfer::storedBytes).sum(),
        files.stream()
            .mapToLong(
                file ->
                    file.transferNanos()
                        + (result.save() ? file.syncNanos() + file.finishNanos() : 0))
            .sum());
  }

  boolean isEmpty() {
    return rounds.isEmpty();
  }

  Map<Key, List<Part>> rounds() {
    return rounds;
  }

  /** Those of one epoch. */
  Map<Key, List<Part>> rounds(int epoch) {
    Map<Key, List<Part>> found = new LinkedHashMap<>();
    for (boolean save : new boolean[] {true, false}) {
      found.putAll(
          rounds.subMap(new Key(save, epoch, 0, 0), new Key(save, epoch, Integer.MAX_VALUE, 0)));
    }
    return found;
  }

  Workload workload() {
    return workload;
  }

  CheckpointPlan plan() {
    return plan;
  }

  CheckpointSizes sizes() {
    if (sizes == null) {
      sizes = plan.sizes();
    }
    return sizes;
  }

  int ranks() {
    return ranks;
  }

  void reachedOverNetwork() {
    network = true;
  }

  /** Whether requests over a network move the bytes. */
  boolean network() {
    return network;
  }

  IoCounts ioCounts() {
    return ioCounts.values().stream().reduce(earlierIoCounts, IoCounts::plus);
  }

  /** The ranks have begun again: what they count themselves begins at zero. */
  void resumed() {
    earlierIoCounts = ioCounts();
    ioCounts.clear();
  }

  List<String> notices() {
    List<String> all = new ArrayList<>(notices);
    busyNotice(true).ifPresent(all::add);
    busyNotice(false).ifPresent(all::add);
    return all;
  }

  /** The rank that decides: the slowest, or if all waited for it, the one with most to wait for. */
  Optional<Part> deciding(List<Part> parts) {
    Comparator<Part> order =
        Comparator.comparingLong(
            workload.checkpoint().rankSync() ? Part::storageNanos : Part::durationNanos);
    return parts.stream().filter(part -> part.files() > 0).max(order);
  }

  private Optional<String> busyNotice(boolean save) {
    OptionalDouble least =
        rounds.entrySet().stream()
            .filter(round -> round.getKey().save() == save)
            .flatMap(round -> deciding(round.getValue()).stream())
            .filter(part -> part.storedBytes() >= TELLING_BYTES)
            .mapToDouble(Part::storageBusyPercent)
            .filter(percent -> percent < BUSY_PERCENT)
            .min();
    return least.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%s checkpoints: storage was busy in only %.0f %% of the slowest rank's time; the"
                    + " figure is bound by this client's processors, not by storage",
                save ? "Writing" : "Reading",
                least.getAsDouble()));
  }

  /** Latencies per file by what was done, in the order of the doing. */
  Map<String, Histogram> latencies() {
    Map<String, Histogram> latencies = new LinkedHashMap<>();
    latencies.put("write", writeLatency);
    latencies.put("sync", syncLatency);
    latencies.put("commit", commitLatency);
    latencies.put("read", readLatency);
    latencies.put("verify_not_overlapped", verifyLatency);
    latencies.values().removeIf(histogram -> histogram.getTotalCount() == 0);
    return latencies;
  }

  /** Times of rank 0, from which DLIO's figures are computed, in seconds. */
  double[] rankZeroSeconds(boolean save) {
    return rounds.entrySet().stream()
        .filter(round -> round.getKey().save() == save)
        .flatMap(round -> round.getValue().stream())
        .filter(part -> part.rank() == 0)
        .mapToDouble(Part::seconds)
        .toArray();
  }

  /** {@code checkpoint_size} in GiB, which DLIO calls GB. */
  double dlioGib() {
    return sizes().dlioBytes() / Sizes.GIB;
  }

  /** DLIO's throughput: the size of the whole checkpoint by the time of one rank. */
  double dlioGibPerSecond(Part part) {
    return dlioGib() / part.seconds();
  }

  /**
   * What does not add up.
   *
   * @param expectedSaves checkpoints that should have been written
   * @param expectedLoads and read
   */
  List<String> complaints(long expectedSaves, long expectedLoads) {
    List<String> complaints = new ArrayList<>();
    count(complaints, true, expectedSaves);
    count(complaints, false, expectedLoads);
    rounds.forEach(
        (key, parts) -> {
          long payload = parts.stream().mapToLong(Part::payloadBytes).sum();
          if (parts.size() != ranks) {
            complaints.add(
                "%s: %d of %d ranks ended it".formatted(key.label(), parts.size(), ranks));
          } else if (payload != sizes().payloadBytes()) {
            complaints.add(
                "%s: %d bytes of tensors were %s, expected %d"
                    .formatted(
                        key.label(),
                        payload,
                        key.save() ? "written" : "read",
                        sizes().payloadBytes()));
          }
        });
    return complaints;
  }

  private void count(List<String> complaints, boolean save, long expected) {
    long found = rounds.keySet().stream().filter(key -> key.save() == save).count();
    if (found != expected) {
      complaints.add(
          "%d checkpoints were %s, expected %d"
              .formatted(found, save ? "written" : "read", expected));
    }
  }
}
