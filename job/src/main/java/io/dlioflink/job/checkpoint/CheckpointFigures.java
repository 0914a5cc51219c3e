/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.checkpoint;

import io.dlioflink.sink.checkpoint.RankCheckpoints;
import io.dlioflink.sink.metrics.RequestMetrics;
import io.dlioflink.storage.IoCounts;
import java.util.function.Supplier;
import javax.annotation.Nullable;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** Live figures of one rank. Written by its thread, read by metric reporters. */
public final class CheckpointFigures {
  private volatile int round;
  private volatile @Nullable MetricGroup registered;
  private volatile long files;
  private volatile Supplier<IoCounts> counts = () -> IoCounts.ZERO;

  /** Shows the figures in a metric group. */
  public void register(MetricGroup group) {
    registered = group;
    group.gauge(CheckpointMetrics.ROUND, (Gauge<Integer>) () -> round);
    group.gauge(CheckpointMetrics.FILES, (Gauge<Long>) () -> files);
    group.gauge(CheckpointMetrics.WRITTEN_BYTES, (Gauge<Long>) () -> counts.get().writtenBytes());
    group.gauge(CheckpointMetrics.READ_BYTES, (Gauge<Long>) () -> counts.get().readBytes());
  }

  /** The storage has been opened. */
  void measureAt(RankCheckpoints checkpoints) {
    counts = checkpoints::ioCounts;
    MetricGroup group = registered;
    if (group != null) {
      checkpoints
          .requests()
          .ifPresent(made -> RequestMetrics.register(group.addGroup("checkpoints"), made));
    }
  }

  // Single writer: the increments cannot be lost.
  @SuppressWarnings("NonAtomicVolatileUpdate")
  void roundBegins() {
    round++;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate")
  void fileDone() {
    files++;
  }
}
