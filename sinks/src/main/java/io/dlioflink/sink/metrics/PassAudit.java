/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.format.SampleFormats;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.SampleShapes;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.order.CoverageProof;
import io.dlioflink.workload.order.OrderTally;
import io.dlioflink.workload.order.SampleOrders;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * Compares what the ranks read in a pass with what they should have read: samples, bytes, and that
 * every sample was read exactly once, or as often as an order of DLIO's asks for.
 */
final class PassAudit {
  /** Parts of more files are not added up: their bytes are taken as read. */
  private static final long MAX_FILES_ADDED_UP = 10_000_000;

  /**
   * The books of one pass.
   *
   * @param samples read
   * @param expectedSamples to be read
   * @param sampleBytes decoded
   * @param expectedSampleBytes to be decoded, where known
   * @param storageBytes delivered by storage
   * @param covered whether every sample was read as often as the order asks for
   * @param distinct how often samples are read, if not exactly once and if counted
   * @param once whether the order reads every sample exactly once, but for those it leaves out
   * @param orderHash hash of the order of all ranks
   */
  record Balance(
      long samples,
      long expectedSamples,
      long sampleBytes,
      OptionalLong expectedSampleBytes,
      long storageBytes,
      boolean covered,
      Optional<OrderTally.Distinct> distinct,
      boolean once,
      long orderHash) {

    /** Whether every sample was read exactly once, but for those that are left out. */
    boolean eachOnce() {
      return covered && once;
    }

    /** Whether {@link #eachOnce} can be told: very large parts are not counted. */
    boolean counted() {
      return once || distinct.isPresent();
    }

    /** Places in batches for which nothing was to be read. */
    long padding(Pass pass) {
      return pass.plan().usedSamples() - expectedSamples;
    }

    /** What reads samples otherwise than once, for people. */
    Optional<String> notice(Pass pass) {
      if (once) {
        return Optional.empty();
      }
      String padded =
          padding(pass) == 0
              ? ""
              : ", %d places filled up without reading".formatted(padding(pass));
      return Optional.of(
          distinct
              .map(
                  found ->
                      "%s: of %d samples, %d were to be read more than once and %d never%s, as DLIO does"
                          .formatted(
                              pass.label(),
                              pass.plan().totalSamples(),
                              found.repeated(),
                              found.never(),
                              padded))
              .orElse(
                  "%s: how often each of %d samples was to be read was not counted%s"
                      .formatted(pass.label(), pass.plan().totalSamples(), padded)));
    }

    /** What does not balance, for people. */
    List<String> complaints(Pass pass) {
      List<String> complaints = new ArrayList<>();
      if (samples != expectedSamples) {
        complaints.add(
            "%s: %d samples were read, expected %d"
                .formatted(pass.label(), samples, expectedSamples));
      } else if (!covered) {
        complaints.add(
            pass.label()
                + (once
                    ? ": not every sample was read exactly once"
                    : ": the samples read are not those of the order"));
      }
      if (expectedSampleBytes.isPresent() && sampleBytes != expectedSampleBytes.getAsLong()) {
        complaints.add(
            "%s: %d sample bytes were read, expected %d"
                .formatted(pass.label(), sampleBytes, expectedSampleBytes.getAsLong()));
      }
      return complaints;
    }
  }

  private final Workload workload;
  private final boolean derivedSizes;
  private final SampleShapes shapes;
  private final DatasetLayout layout;
  private final SampleFormat format;
  private final Map<DatasetPart, Long> sums = new EnumMap<>(DatasetPart.class);
  private final Map<DatasetPart, Long> partBytes = new EnumMap<>(DatasetPart.class);
  private final Map<DatasetPart, Expected> sameInEveryPass = new EnumMap<>(DatasetPart.class);

  PassAudit(Workload workload, boolean derivedSizes) {
    this.workload = workload;
    this.derivedSizes = derivedSizes;
    this.shapes = SampleShapes.of(workload.dataset());
    this.layout = DatasetLayout.of(workload.dataset());
    this.format = SampleFormats.require(workload.dataset().format());
  }

  Balance balance(Pass pass, List<PassResult> ranks) {
    long samples = 0;
    long sampleBytes = 0;
    long storageBytes = 0;
    long coverage = 0;
    long orderHash = 0;
    for (PassResult rank : ranks) {
      samples += rank.samples();
      sampleBytes += rank.sampleBytes();
      storageBytes += rank.storageBytes();
      coverage += rank.coverage();
      orderHash = CoverageProof.orderHash(orderHash, rank.orderHash());
    }
    Expected expected = expected(pass);
    return new Balance(
        samples,
        expected.samples(),
        sampleBytes,
        expected.bytes(),
        storageBytes,
        coverage == expected.coverage(),
        expected.distinct(),
        expected.once(),
        orderHash);
  }

  /** What a pass should read. */
  private record Expected(
      long samples,
      OptionalLong bytes,
      long coverage,
      Optional<OrderTally.Distinct> distinct,
      boolean once) {}

  private Expected expected(Pass pass) {
    SampleOrder order = SampleOrders.of(workload, pass.part(), pass.plan());
    if (!order.sameInEveryEpoch()) {
      return expected(pass, order);
    }
    Expected known = sameInEveryPass.get(pass.part());
    if (known == null) {
      known = expected(pass, order);
      sameInEveryPass.put(pass.part(), known);
    }
    return known;
  }

  private Expected expected(Pass pass, SampleOrder order) {
    StepPlan plan = pass.plan();
    SampleOrder.Epoch epoch = order.epoch(pass.epoch());
    boolean readsOnce = epoch.leftOut().isPresent();
    return readsOnce && plan.leftOutSamples() <= plan.usedSamples()
        ? expectedOfAllButLeftOut(pass, epoch)
        : expectedOfWalk(pass, epoch, readsOnce);
  }

  private Expected expectedOfAllButLeftOut(Pass pass, SampleOrder.Epoch epoch) {
    return new Expected(
        pass.plan().usedSamples(),
        knowsBytes(pass) ? OptionalLong.of(bytesOfOnce(pass, epoch)) : OptionalLong.empty(),
        sumOfAll(pass) - CoverageProof.sum(epoch.leftOut().orElseThrow()),
        Optional.empty(),
        true);
  }

  private Expected expectedOfWalk(Pass pass, SampleOrder.Epoch epoch, boolean readsOnce) {
    StepPlan plan = pass.plan();
    boolean addsUp = knowsBytes(pass) && plan.usedSamples() <= MAX_FILES_ADDED_UP;
    long samplesPerFile = plan.samplesPerFile();
    long[] bytes = new long[1];
    OrderTally tally =
        OrderTally.of(
            epoch,
            plan,
            id -> bytes[0] += addsUp ? sampleBytes(pass.part(), id / samplesPerFile) : 0);
    boolean once =
        tally
            .distinct()
            .map(found -> found.repeated() == 0 && found.never() == plan.leftOutSamples())
            .orElseGet(() -> readsOnce || coversAll(pass, tally));
    return new Expected(
        tally.reads(),
        addsUp ? OptionalLong.of(bytes[0]) : OptionalLong.empty(),
        tally.coverage(),
        once && readsOnce ? Optional.empty() : tally.distinct(),
        once);
  }

  /** Whether reads that were not counted apart are all samples, each once. */
  private boolean coversAll(Pass pass, OrderTally tally) {
    return tally.reads() == pass.plan().totalSamples() && tally.coverage() == sumOfAll(pass);
  }

  private long sumOfAll(Pass pass) {
    return sums.computeIfAbsent(pass.part(), part -> CoverageProof.sumOfAll(pass.plan()));
  }

  /** Drawn sizes of more files are not all kept, and orders jump to and fro among them. */
  private boolean knowsBytes(Pass pass) {
    DatasetConfig dataset = workload.dataset();
    boolean kept =
        dataset.recordLengthBytesStdev() == 0 || shapes.files() <= SampleShapes.WHOLE_FILES;
    return workload.reader().readerClassname().isEmpty()
        && derivedSizes
        && kept
        && dataset.numFiles(pass.part()) <= MAX_FILES_ADDED_UP;
  }

  private long bytesOfOnce(Pass pass, SampleOrder.Epoch epoch) {
    DatasetConfig dataset = workload.dataset();
    int samplesPerFile = dataset.numSamplesPerFile();
    long all =
        partBytes.computeIfAbsent(
            pass.part(),
            part -> {
              long sum = 0;
              for (long file = 0; file < dataset.numFiles(part); file++) {
                sum += samplesPerFile * sampleBytes(part, file);
              }
              return sum;
            });
    long leftOut =
        epoch
            .leftOut()
            .orElse(LongStream.empty())
            .map(id -> sampleBytes(pass.part(), id / samplesPerFile))
            .sum();
    return all - leftOut;
  }

  private long sampleBytes(DatasetPart part, long file) {
    return format.sampleBytes(
        FileSpec.of(workload.dataset(), shapes, layout.fileNumber(part, file)));
  }
}
