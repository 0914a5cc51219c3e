/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.format.DatasetRemoval;
import io.dlioflink.sink.series.SeriesFiles;
import io.dlioflink.sink.series.SeriesTable;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.Storages;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.annotation.Nullable;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Sums up the records of all ranks and writes the result files; parallelism 1. How far it is, and
 * final figures, are published as accumulators, the whole outcome among them. A run that ends early
 * leaves a report marked partial. What goes downstream are rows of the time series, with the names
 * of their tables.
 */
public final class MetricsSinkOperator extends AbstractStreamOperator<Tuple2<String, String>>
    implements OneInputStreamOperator<byte[], Tuple2<String, String>>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  private static final String VERDICT = "Verdict";
  private static final String PROGRESS = "Progress";
  private static final String ABANDONED = "The run ended before its last step";

  private final MetricsSinkSettings settings;
  private transient @Nullable Ledger ledger;
  private transient @Nullable OutputFolder results;
  private transient TimeSeries series;
  private transient boolean concluded;

  MetricsSinkOperator(
      StreamOperatorParameters<Tuple2<String, String>> parameters, MetricsSinkSettings settings) {
    super(parameters);
    this.settings = settings;
  }

  @Override
  public void open() throws Exception {
    super.open();
    Workload workload = settings.workload();
    Location folder = settings.output();
    results = new OutputFolder(folder, new StorageOptions(workload.storage().clientOptions()));
    results.deleteResults(settings.phase().resultFiles());
    series = new TimeSeries(this::emit);
    if (settings.phase() == MetricsSinkSettings.Phase.TRAIN
        || settings.phase() == MetricsSinkSettings.Phase.CHECKPOINT) {
      results.deleteBelow(SeriesFiles.TIME_SERIES, SeriesFiles.PART);
    }
    Provenance provenance = new Provenance(settings.context());
    ledger =
        switch (settings.phase()) {
          case TRAIN -> new TrainLedger(settings, results);
          case GENERATE ->
              new GenerationLedger(settings.name(), workload, settings.dataset(), provenance);
          case CHECKPOINT -> new CheckpointLedger(settings, results);
          case VERIFY ->
              new VerificationLedger(
                  settings.name(), workload, settings.dataset(), results, provenance);
        };
    Ledger books = ledger;
    getRuntimeContext().addAccumulator(PROGRESS, new LiveText(books::progress));
    getMetricGroup().gauge(SinkMetrics.STEPS, (Gauge<Long>) () -> books.live().stepsDone());
    getMetricGroup().gauge(SinkMetrics.AU, (Gauge<Double>) () -> books.live().auPercent());
    getMetricGroup().gauge(SinkMetrics.EPOCH, (Gauge<Integer>) () -> books.live().epoch());
  }

  @Override
  public void processElement(StreamRecord<byte[]> element) throws Exception {
    MetricsRecord record = MetricsCodec.decode(element.getValue());
    if (settings.recording().timeSeries()) {
      series.accept(record);
    }
    ledger.accept(record);
  }

  private void emit(SeriesTable table, String row) {
    output.collect(new StreamRecord<>(Tuple2.of(table.tableName(), row)));
  }

  @Override
  public void endInput() throws Exception {
    RunOutcome outcome = ledger.conclude(results);
    concluded = true;
    if (settings.phase() == MetricsSinkSettings.Phase.TRAIN
        && outcome.valid()
        && !settings.workload().dataset().keepFiles()) {
      outcome = outcome.withNotice(removeDataset());
    }
    if (settings.phase() == MetricsSinkSettings.Phase.GENERATE
        && !settings.workload().workflow().train()
        && !settings.workload().dataset().keepFiles()) {
      outcome =
          outcome.withNotice(
              "dataset.keep_files: false, but the dataset in %s was kept: it is deleted after a training only"
                  .formatted(settings.dataset()));
    }
    OutcomeAccumulator whole = new OutcomeAccumulator();
    whole.add(outcome);
    getRuntimeContext().addAccumulator(RunOutcome.ACCUMULATOR, whole);
    Map<String, String> figures = new LinkedHashMap<>(outcome.highlights());
    figures.put(VERDICT, outcome.verdict());
    figures.forEach(this::publish);
  }

  /** The results are written: whatever happens here does not change them. */
  private String removeDataset() {
    StorageOptions options = new StorageOptions(settings.workload().storage().clientOptions());
    try (Storage storage = Storages.open(settings.dataset(), options)) {
      return DatasetRemoval.remove(storage, settings.dataset(), settings.workload().dataset());
    } catch (IOException e) {
      return "dataset.keep_files: false, but not all of the dataset could be deleted: "
          + e.getMessage();
    }
  }

  private void publish(String name, String value) {
    TextAccumulator accumulator = new TextAccumulator();
    accumulator.add(value);
    getRuntimeContext().addAccumulator(name, accumulator);
  }

  @Override
  public void close() throws Exception {
    // A cancelled task's thread is interrupted, which would fail the last writes.
    boolean interrupted = Thread.interrupted();
    try {
      closeBooks();
    } finally {
      try {
        if (results != null) {
          results.close();
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        super.close();
      }
    }
  }

  private void closeBooks() throws IOException {
    if (ledger != null) {
      try {
        if (!concluded) {
          abandon();
        }
      } finally {
        ledger.close();
      }
    }
  }

  private void abandon() {
    publish(VERDICT, "INVALID; because: " + ABANDONED);
    try {
      ledger.abandon(results, ABANDONED);
    } catch (IOException | RuntimeException e) {
      LOG.warn("No partial report could be written to {}", results.location(), e);
    }
  }
}
