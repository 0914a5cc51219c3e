/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import io.dlioflink.format.FileInput;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import javax.annotation.Nullable;
import org.HdrHistogram.WriterReaderPhaser;

/**
 * Measures the samples that one thread reads, one after the other. That thread never waits for
 * whoever drains the latencies, and all stages of a sample cost it one pair of atomic increments.
 */
final class SampleStopwatch {
  private final FileInput input;
  private final ReadTelemetry telemetry;
  private final @Nullable List<SampleRead> reads;
  private final WriterReaderPhaser phaser = new WriterReaderPhaser();
  private volatile ReadLatencies active = ReadLatencies.empty();
  private ReadLatencies inactive = ReadLatencies.empty();

  private long startMicros;
  private long startNanos;
  private long storageNanosBefore;
  private long readNanosBefore;
  private long storageBytesBefore;
  private long opensBefore;

  SampleStopwatch(FileInput input, ReadTelemetry telemetry, boolean logReads) {
    this.input = input;
    this.telemetry = telemetry;
    this.reads = logReads ? new ArrayList<>() : null;
  }

  /** A sample begins. */
  void begin() {
    storageNanosBefore = input.storageNanos();
    readNanosBefore = input.readNanos();
    storageBytesBefore = input.storageBytes();
    opensBefore = input.opens();
    if (reads != null) {
      input.forgetRequests();
      startMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
    startNanos = System.nanoTime();
  }

  /** The sample ends; it had so many bytes. */
  void end(long decodedBytes) {
    long elapsed = System.nanoTime() - startNanos;
    long storageNanos = input.storageNanos() - storageNanosBefore;
    record(storageNanos, elapsed - storageNanos);
    telemetry.count(decodedBytes, input.storageBytes() - storageBytesBefore);
    if (reads != null) {
      boolean opened = input.opens() != opensBefore;
      reads.add(
          new SampleRead(
              startMicros,
              input.file().path(),
              input.firstRequestOffset(),
              input.storageBytes() - storageBytesBefore,
              decodedBytes,
              opened ? input.lastOpenNanos() : SampleRead.NONE,
              opened ? input.lastFirstByteNanos() : SampleRead.NONE,
              input.readNanos() - readNanosBefore,
              elapsed - storageNanos));
    }
  }

  /** The reads since the last call; empty if they are not logged. */
  List<SampleRead> takeReads() {
    if (reads == null || reads.isEmpty()) {
      return List.of();
    }
    List<SampleRead> taken = List.copyOf(reads);
    reads.clear();
    return taken;
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
