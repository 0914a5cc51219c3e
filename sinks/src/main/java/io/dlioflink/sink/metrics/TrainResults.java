/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.IoCounts;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.Workload;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.annotation.Nullable;

/**
 * The figures of a training run. Fields with DLIO's names follow DLIO's formulas ({@code
 * utils/statscounter.py}): AU is the mean over ranks, throughput the sum.
 *
 * @param name workload
 * @param workload what ran
 * @param passes all passes
 * @param finished passes that every rank has ended, with their books
 * @param hosts facts of each host, in the order of their first rank
 * @param ioCounts bytes by I/O mode, all ranks
 * @param order which order of access ran
 * @param names how file names were found
 * @param notices for people
 * @param complaints why the run is invalid
 * @param ranks simulated accelerators
 * @param ranksStarted of these, how many have reported
 * @param startMicros start of the run
 * @param endMicros now
 */
record TrainResults(
    String name,
    Workload workload,
    List<Pass> passes,
    List<FinishedPass> finished,
    List<HostFacts> hosts,
    IoCounts ioCounts,
    String order,
    String names,
    List<String> notices,
    List<String> complaints,
    int ranks,
    int ranksStarted,
    long startMicros,
    long endMicros) {

  /** Of the passes that no rank has ended so many are named. */
  private static final int NAMED_UNSEEN = 3;

  /**
   * A pass all ranks have ended.
   *
   * @param pass which
   * @param auPercent mean over ranks
   * @param throughput samples per second of all ranks, DLIO's formula
   * @param windowThroughput samples per second of all ranks over the steps of the window
   * @param balance its books
   * @param computeRequestedNanos what emulated compute should have taken, all ranks
   * @param durationNanos of the slowest rank
   */
  record FinishedPass(
      Pass pass,
      double auPercent,
      double throughput,
      double windowThroughput,
      PassAudit.Balance balance,
      long computeRequestedNanos,
      long durationNanos) {}

  /** The figures of a run without passes, with what its checkpoints add. */
  static TrainResults ofCheckpoints(
      String name,
      Workload workload,
      List<RankBooks> ranks,
      long startMicros,
      List<String> complaints,
      List<String> notices) {
    return of(name, workload, List.of(), ranks, null, startMicros, complaints, notices);
  }

  /**
   * The figures of a training run.
   *
   * @param checkpointComplaints what is wrong with its checkpoints
   * @param checkpointNotices what is to be known of them
   */
  static TrainResults of(
      String name,
      Workload workload,
      List<Pass> passes,
      List<RankBooks> ranks,
      @Nullable CacheVerdict cache,
      long startMicros,
      List<String> checkpointComplaints,
      List<String> checkpointNotices) {
    List<RankHello> hellos = ranks.stream().map(RankBooks::hello).filter(Objects::nonNull).toList();
    boolean derivedSizes = !hellos.isEmpty() && hellos.stream().allMatch(RankHello::derivedSizes);
    PassAudit audit = new PassAudit(workload, derivedSizes);
    List<FinishedPass> finished = new ArrayList<>();
    List<String> complaints = new ArrayList<>();
    if (hellos.size() < ranks.size()) {
      complaints.add("%d of %d ranks started".formatted(hellos.size(), ranks.size()));
    }
    List<String> unseen = new ArrayList<>();
    for (Pass pass : passes) {
      if (pass.plan().steps() == 0) {
        complaints.add(
            "%s: no step was made, %d samples are less than a batch of %d for each of %d ranks"
                .formatted(
                    pass.label(),
                    pass.plan().totalSamples(),
                    pass.plan().batchSize(),
                    ranks.size()));
        continue;
      }
      List<PassResult> results =
          ranks.stream().map(rank -> rank.pass(pass.index())).filter(Objects::nonNull).toList();
      if (results.size() < ranks.size()) {
        String complaint =
            "%s: %d of %d ranks ended it".formatted(pass.label(), results.size(), ranks.size());
        (results.isEmpty() ? unseen : complaints).add(complaint);
        continue;
      }
      FinishedPass done = finish(pass, results, ranks, audit);
      finished.add(done);
      complaints.addAll(done.balance().complaints(pass));
    }
    complaints.addAll(unseen.subList(0, Math.min(unseen.size(), NAMED_UNSEEN)));
    if (unseen.size() > NAMED_UNSEEN) {
      complaints.add(
          "and of %d further epochs and evaluations likewise"
              .formatted(unseen.size() - NAMED_UNSEEN));
    }
    complaints.addAll(checkpointComplaints);
    Set<String> hostNames = new LinkedHashSet<>();
    List<HostFacts> hosts =
        hellos.stream()
            .map(RankHello::host)
            .filter(host -> hostNames.add(host.hostname()))
            .toList();
    Set<String> notices = new LinkedHashSet<>();
    hellos.forEach(hello -> notices.addAll(hello.notices()));
    notices.addAll(checkpointNotices);
    notices.addAll(orderNotices(finished));
    notices.addAll(throughputNotices(finished));
    if (cache != null) {
      notices.addAll(cache.notices(workload.dataset(), hosts, finished));
    }
    return new TrainResults(
        name,
        workload,
        passes,
        finished,
        hosts,
        ioCounts(ranks),
        hellos.isEmpty() ? "" : hellos.get(0).order(),
        hellos.isEmpty() ? "" : hellos.get(0).names(),
        List.copyOf(notices),
        List.copyOf(complaints),
        ranks.size(),
        hellos.size(),
        startMicros,
        WallClock.micros());
  }

  /** Bytes by the way they took, all ranks. */
  static IoCounts ioCounts(List<RankBooks> ranks) {
    return ranks.stream().map(RankBooks::ioCounts).reduce(IoCounts.ZERO, IoCounts::plus);
  }

  private static FinishedPass finish(
      Pass pass, List<PassResult> results, List<RankBooks> ranks, PassAudit audit) {
    return new FinishedPass(
        pass,
        ranks.stream().mapToDouble(rank -> rank.auPercent(pass)).average().orElse(0),
        ranks.stream().mapToDouble(rank -> rank.throughput(pass)).sum(),
        ranks.stream().mapToDouble(rank -> rank.windowThroughput(pass)).sum(),
        audit.balance(pass, results),
        results.stream().mapToLong(PassResult::requestedComputeNanos).sum(),
        results.stream().mapToLong(PassResult::durationNanos).max().orElse(0));
  }

  /** DLIO's formula takes two steps off, however few there are. */
  private static List<String> throughputNotices(List<FinishedPass> finished) {
    return finished.stream()
        .map(done -> done.pass().plan().steps())
        .filter(steps -> steps > 0 && steps <= BlockWindow.STEPS_NOT_COUNTED)
        .findFirst()
        .map(
            steps ->
                "DLIO's throughput leaves out %d steps of an epoch, and here an epoch has %d: it says"
                        .formatted(BlockWindow.STEPS_NOT_COUNTED, steps)
                    + " nothing. More files or a smaller batch make it a figure")
        .stream()
        .toList();
  }

  /** One of a part: what is true of its first pass is true of the others, up to the figures. */
  private static List<String> orderNotices(List<FinishedPass> finished) {
    List<String> notices = new ArrayList<>();
    for (DatasetPart part : DatasetPart.values()) {
      finished.stream()
          .filter(done -> done.pass().part() == part)
          .findFirst()
          .flatMap(done -> done.balance().notice(done.pass()))
          .ifPresent(notices::add);
    }
    return notices;
  }

  /** The same figures of a run that is invalid for further reasons. */
  TrainResults withComplaints(List<String> further) {
    List<String> all = new ArrayList<>(complaints);
    all.addAll(further);
    return new TrainResults(
        name,
        workload,
        passes,
        finished,
        hosts,
        ioCounts,
        order,
        names,
        notices,
        List.copyOf(all),
        ranks,
        ranksStarted,
        startMicros,
        endMicros);
  }

  /** The same figures with more to be known of them. */
  TrainResults withNotices(List<String> further) {
    Set<String> all = new LinkedHashSet<>(notices);
    all.addAll(further);
    return new TrainResults(
        name,
        workload,
        passes,
        finished,
        hosts,
        ioCounts,
        order,
        names,
        List.copyOf(all),
        complaints,
        ranks,
        ranksStarted,
        startMicros,
        endMicros);
  }

  /** Whether every rank has started; only then is it known what ran where. */
  boolean everyRankStarted() {
    return ranksStarted == ranks;
  }

  /** The finished passes of a part. */
  List<FinishedPass> finished(DatasetPart part) {
    return finished.stream().filter(done -> done.pass().part() == part).toList();
  }

  double[] auPercents(DatasetPart part) {
    return finished(part).stream().mapToDouble(FinishedPass::auPercent).toArray();
  }

  double[] throughputs(DatasetPart part) {
    return finished(part).stream().mapToDouble(FinishedPass::throughput).toArray();
  }

  Statistics trainAu() {
    return Statistics.of(auPercents(DatasetPart.TRAIN));
  }

  Statistics trainThroughput() {
    return Statistics.of(throughputs(DatasetPart.TRAIN));
  }

  /** Mean over epochs of the samples per second over just the steps that AU is computed over. */
  double trainWindowThroughput() {
    return finished(DatasetPart.TRAIN).stream()
        .mapToDouble(FinishedPass::windowThroughput)
        .average()
        .orElse(0);
  }

  /** Whether the mean AU of a part reaches {@code metric.au}. */
  boolean auMet(DatasetPart part) {
    return Statistics.of(auPercents(part)).mean() >= 100 * workload.auThreshold();
  }

  boolean auMet() {
    return auMet(DatasetPart.TRAIN);
  }

  /** Nominal bytes of a sample, as DLIO's MB/s are computed from. */
  double recordLengthBytes() {
    return workload.dataset().nominalSampleBytes();
  }
}
