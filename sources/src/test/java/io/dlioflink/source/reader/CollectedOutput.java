/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import io.dlioflink.source.SourceSignal;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;

/** Keeps what a source reader emits. */
final class CollectedOutput implements ReaderOutput<SourceSignal> {
  final List<SourceSignal> signals = new ArrayList<>();

  @Override
  public void collect(SourceSignal signal) {
    signals.add(signal);
  }

  @Override
  public void collect(SourceSignal signal, long timestamp) {
    signals.add(signal);
  }

  @Override
  public void emitWatermark(Watermark watermark) {
    throw new AssertionError("No event time here");
  }

  @Override
  public void markIdle() {
    throw new AssertionError("No event time here");
  }

  @Override
  public void markActive() {
    throw new AssertionError("No event time here");
  }

  @Override
  public SourceOutput<SourceSignal> createOutputForSplit(String splitId) {
    return this;
  }

  @Override
  public void releaseOutputForSplit(String splitId) {
    // Nothing is held per split.
  }
}
