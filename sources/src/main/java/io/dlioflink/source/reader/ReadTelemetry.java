/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import io.dlioflink.format.FileInput;
import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.Storage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * What the reader of one rank measures. Writers are its threads; readers take differences and
 * interval histograms. Memory is constant in run length.
 */
public final class ReadTelemetry {
  private final List<SampleStopwatch> stopwatches = new CopyOnWriteArrayList<>();
  private final LongAdder samples = new LongAdder();
  private final LongAdder sampleBytes = new LongAdder();
  private final LongAdder storageBytes = new LongAdder();
  private final boolean logReads;
  private volatile Supplier<IoCounts> ioCounts = () -> IoCounts.ZERO;
  private volatile Optional<RequestTelemetry> requests = Optional.empty();

  ReadTelemetry() {
    this(false);
  }

  /**
   * Nothing measured yet.
   *
   * @param logReads whether every read is remembered for the access log
   */
  ReadTelemetry(boolean logReads) {
    this.logReads = logReads;
  }

  void measureAt(Storage storage) {
    ioCounts = storage::ioCounts;
    requests = storage.requests();
  }

  /** What a thread measures its samples with. */
  SampleStopwatch stopwatch(FileInput input) {
    SampleStopwatch stopwatch = new SampleStopwatch(input, this, logReads);
    stopwatches.add(stopwatch);
    return stopwatch;
  }

  void count(long sampleBytesRead, long storageBytesRead) {
    samples.increment();
    sampleBytes.add(sampleBytesRead);
    storageBytes.add(storageBytesRead);
  }

  /** The latencies since the last call, all threads; histograms are merged, never averaged. */
  public ReadLatencies takeLatencies() {
    ReadLatencies sum = ReadLatencies.empty();
    for (SampleStopwatch stopwatch : stopwatches) {
      stopwatch.drainTo(sum);
    }
    return sum;
  }

  /** Samples read so far. */
  public long samples() {
    return samples.sum();
  }

  /** Decoded bytes so far. */
  public long sampleBytes() {
    return sampleBytes.sum();
  }

  /** Bytes delivered by storage so far. */
  public long storageBytes() {
    return storageBytes.sum();
  }

  /** Bytes by the way they really took, so far. */
  public IoCounts ioCounts() {
    return ioCounts.get();
  }

  /** What is measured of requests; empty if the storage makes none. */
  public Optional<RequestTelemetry> requests() {
    return requests;
  }
}
