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
import io.dlioflink.workload.order.SampleOrders;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Compares what the ranks read in a pass with what they should have read: samples, bytes, and that
 * every sample was read exactly once.
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
   * @param covered whether every sample was read exactly once
   * @param orderHash hash of the order of all ranks
   */
  record Balance(
      long samples,
      long expectedSamples,
      long sampleBytes,
      OptionalLong expectedSampleBytes,
      long storageBytes,
      boolean covered,
      long orderHash) {

    /** What does not balance, for people. */
    List<String> complaints(Pass pass) {
      List<String> complaints = new ArrayList<>();
      if (samples != expectedSamples) {
        complaints.add(
            "%s: %d samples were read, expected %d"
                .formatted(pass.label(), samples, expectedSamples));
      } else if (!covered) {
        complaints.add(pass.label() + ": not every sample was read exactly once");
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
  private final Map<DatasetPart, CoverageProof> proofs = new EnumMap<>(DatasetPart.class);
  private final Map<DatasetPart, Long> partBytes = new EnumMap<>(DatasetPart.class);

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
    StepPlan plan = pass.plan();
    SampleOrder.Epoch epoch = SampleOrders.of(workload, pass.part(), plan).epoch(pass.epoch());
    CoverageProof proof = proofs.computeIfAbsent(pass.part(), part -> new CoverageProof(plan));
    return new Balance(
        samples,
        plan.usedSamples(),
        sampleBytes,
        expectedBytes(pass, epoch),
        storageBytes,
        coverage == proof.expected(epoch),
        orderHash);
  }

  private OptionalLong expectedBytes(Pass pass, SampleOrder.Epoch epoch) {
    DatasetConfig dataset = workload.dataset();
    boolean foreignReader = workload.reader().readerClassname().isPresent();
    if (foreignReader || !derivedSizes || dataset.numFiles(pass.part()) > MAX_FILES_ADDED_UP) {
      return OptionalLong.empty();
    }
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
    long leftOut = epoch.leftOut().map(id -> sampleBytes(pass.part(), id / samplesPerFile)).sum();
    return OptionalLong.of(all - leftOut);
  }

  private long sampleBytes(DatasetPart part, long file) {
    return format.sampleBytes(
        FileSpec.of(workload.dataset(), shapes, layout.fileNumber(part, file)));
  }
}
