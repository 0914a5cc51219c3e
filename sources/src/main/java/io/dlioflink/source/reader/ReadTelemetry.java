/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import io.dlioflink.storage.IoCounts;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.HdrHistogram.Recorder;

/**
 * What the reader of one rank measures. Writers are its threads; readers take differences and
 * interval histograms. Memory is constant in run length. Latencies are nanoseconds, three
 * significant digits.
 */
public final class ReadTelemetry {
  private static final int SIGNIFICANT_DIGITS = 3;

  private final Recorder storageLatency = new Recorder(SIGNIFICANT_DIGITS);
  private final Recorder decodeLatency = new Recorder(SIGNIFICANT_DIGITS);
  private final LongAdder samples = new LongAdder();
  private final LongAdder sampleBytes = new LongAdder();
  private final LongAdder storageBytes = new LongAdder();
  private volatile Supplier<IoCounts> ioCounts = () -> IoCounts.ZERO;

  void ioCountsFrom(Supplier<IoCounts> source) {
    ioCounts = source;
  }

  void record(long storageNanos, long decodeNanos, long sampleBytesRead, long storageBytesRead) {
    storageLatency.recordValue(Math.max(0, storageNanos));
    decodeLatency.recordValue(Math.max(0, decodeNanos));
    samples.increment();
    sampleBytes.add(sampleBytesRead);
    storageBytes.add(storageBytesRead);
  }

  /** Time from open to close spent in storage calls, per sample. */
  public Recorder storageLatency() {
    return storageLatency;
  }

  /** Time spent on checking and decoding, per sample. */
  public Recorder decodeLatency() {
    return decodeLatency;
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
}
