/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import io.dlioflink.format.FileInput;
import org.HdrHistogram.WriterReaderPhaser;

/**
 * Measures the samples that one thread reads, one after the other. That thread never waits for
 * whoever drains the latencies, and all stages of a sample cost it one pair of atomic increments.
 */
final class SampleStopwatch {
  private final FileInput input;
  private final ReadTelemetry telemetry;
  private final WriterReaderPhaser phaser = new WriterReaderPhaser();
  private volatile ReadLatencies active = ReadLatencies.empty();
  private ReadLatencies inactive = ReadLatencies.empty();

  private long startNanos;
  private long storageNanosBefore;
  private long readNanosBefore;
  private long storageBytesBefore;
  private long opensBefore;

  SampleStopwatch(FileInput input, ReadTelemetry telemetry) {
    this.input = input;
    this.telemetry = telemetry;
  }

  /** A sample begins. */
  void begin() {
    storageNanosBefore = input.storageNanos();
    readNanosBefore = input.readNanos();
    storageBytesBefore = input.storageBytes();
    opensBefore = input.opens();
    startNanos = System.nanoTime();
  }

  /** The sample ends; it had so many bytes. */
  void end(long decodedBytes) {
    long elapsed = System.nanoTime() - startNanos;
    long storageNanos = input.storageNanos() - storageNanosBefore;
    record(storageNanos, elapsed - storageNanos);
    telemetry.count(decodedBytes, input.storageBytes() - storageBytesBefore);
  }

  private void record(long storageNanos, long decodeNanos) {
    long phase = phaser.writerCriticalSectionEnter();
    try {
      ReadLatencies latencies = active;
      if (input.opens() != opensBefore) {
        latencies.open().recordValue(input.lastOpenNanos());
        latencies.firstByte().recordValue(input.lastFirstByteNanos());
      }
      latencies.read().recordValue(input.readNanos() - readNanosBefore);
      latencies.storage().recordValue(storageNanos);
      latencies.decode().recordValue(Math.max(0, decodeNanos));
    } finally {
      phaser.writerCriticalSectionExit(phase);
    }
  }

  /** Moves what was measured since the last call to a sum; from any thread. */
  void drainTo(ReadLatencies sum) {
    phaser.readerLock();
    try {
      ReadLatencies drained = active;
      active = inactive;
      inactive = drained;
      phaser.flipPhase();
      sum.add(drained);
      drained.reset();
    } finally {
      phaser.readerUnlock();
    }
  }
}
