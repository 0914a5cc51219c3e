/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.util.Map;
import javax.annotation.Nullable;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Sums up the records of all ranks and writes the result files; parallelism 1. Final figures are
 * published as accumulators, the whole outcome among them. A run that ends early leaves a report
 * marked partial.
 */
public final class MetricsSinkOperator extends AbstractStreamOperator<Void>
    implements OneInputStreamOperator<byte[], Void>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  private final MetricsSinkSettings settings;
  private transient @Nullable Ledger ledger;
  private transient @Nullable OutputFolder results;
  private transient boolean concluded;

  MetricsSinkOperator(StreamOperatorParameters<Void> parameters, MetricsSinkSettings settings) {
    super(parameters);
    this.settings = settings;
  }

  @Override
  public void open() throws Exception {
    super.open();
    Workload workload = settings.workload();
    Location folder = settings.output();
    results = new OutputFolder(folder, new StorageOptions(workload.storage().options()));
    results.deleteResults(settings.phase().resultFiles());
    Provenance provenance = new Provenance(settings.context());
    ledger =
        switch (settings.phase()) {
          case TRAIN -> new TrainLedger(settings.name(), workload, settings.ranks(), provenance);
          case GENERATE ->
              new GenerationLedger(settings.name(), workload, settings.dataset(), provenance);
          case CHECKPOINT ->
              new CheckpointLedger(settings.name(), workload, settings.ranks(), provenance);
          case VERIFY ->
              new VerificationLedger(
                  settings.name(), workload, settings.dataset(), results, provenance);
        };
    Ledger books = ledger;
    getMetricGroup().gauge(SinkMetrics.STEPS, (Gauge<Long>) () -> books.live().stepsDone());
    getMetricGroup().gauge(SinkMetrics.AU, (Gauge<Double>) () -> books.live().auPercent());
    getMetricGroup().gauge(SinkMetrics.EPOCH, (Gauge<Integer>) () -> books.live().epoch());
  }

  @Override
  public void processElement(StreamRecord<byte[]> element) throws Exception {
    ledger.accept(MetricsCodec.decode(element.getValue()));
  }

  @Override
  public void endInput() throws Exception {
    RunOutcome outcome = ledger.conclude(results);
    concluded = true;
    publish(RunOutcome.ACCUMULATOR, outcome.toJson());
    for (Map.Entry<String, String> highlight : outcome.highlights().entrySet()) {
      publish(highlight.getKey(), highlight.getValue());
    }
  }

  private void publish(String name, String value) {
    TextAccumulator accumulator = new TextAccumulator();
    accumulator.add(value);
    getRuntimeContext().addAccumulator(name, accumulator);
  }

  @Override
  public void close() throws Exception {
    try {
      if (ledger != null && !concluded) {
        abandon();
      }
    } finally {
      if (ledger != null) {
        ledger.close();
      }
      if (results != null) {
        results.close();
      }
      super.close();
    }
  }

  private void abandon() {
    // A cancelled task's thread is interrupted, which would fail the write of the partial report.
    boolean interrupted = Thread.interrupted();
    try {
      ledger.abandon(results, "The run ended before its last step");
    } catch (IOException e) {
      LOG.warn("No partial report could be written to {}", results.location(), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
