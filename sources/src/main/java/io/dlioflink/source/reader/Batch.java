/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import io.dlioflink.source.BatchRequest;
import io.dlioflink.workload.order.CoverageProof;
import java.util.List;

/** A batch that was read completely; payload is gone, what counts was counted. */
public final class Batch implements ReaderSignal {
  private final BatchRequest request;
  private final long samples;
  private final long coverage;
  private final long sampleBytes;
  private final long storageBytes;
  private final List<SampleRead> reads;
  private final Runnable taken;
  private final Runnable stepEnded;

  Batch(
      BatchRequest request,
      long samples,
      long coverage,
      long sampleBytes,
      long storageBytes,
      List<SampleRead> reads,
      Runnable taken,
      Runnable stepEnded) {
    this.request = request;
    this.samples = samples;
    this.coverage = coverage;
    this.sampleBytes = sampleBytes;
    this.storageBytes = storageBytes;
    this.reads = reads;
    this.taken = taken;
    this.stepEnded = stepEnded;
  }

  /** What was asked for. */
  public BatchRequest request() {
    return request;
  }

  /** Samples that were read, counted as each was decoded. */
  public long samples() {
    return samples;
  }

  /** Sum of {@link CoverageProof#hash} over them. */
  public long coverage() {
    return coverage;
  }

  /** Decoded bytes of the samples. */
  public long sampleBytes() {
    return sampleBytes;
  }

  /** Bytes storage delivered for them. */
  public long storageBytes() {
    return storageBytes;
  }

  /** How each sample was read; empty unless there is an access log. */
  public List<SampleRead> reads() {
    return reads;
  }

  /** The accelerator has taken the batch: its place in the prefetch queue is free. */
  public void taken() {
    taken.run();
  }

  /** The accelerator has finished its step; without read threads the next batch is read now. */
  public void stepEnded() {
    stepEnded.run();
  }
}
