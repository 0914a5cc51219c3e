/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlioflink.format.DatasetRemoval;
import io.dlioflink.sink.series.SeriesFiles;
import io.dlioflink.sink.series.SeriesTable;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.Storages;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.annotation.Nullable;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
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

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String VERDICT = "Verdict";
  private static final String PROGRESS = "Progress";
  private static final String ABANDONED = "The run ended before its last step";

  private final MetricsSinkSettings settings;
  private transient @Nullable Ledger ledger;
  private transient @Nullable PassJournal journal;
  private transient Resumptions resumptions;
  private transient ListState<byte[]> journalState;
  private transient boolean restored;
  private transient @Nullable OutputFolder results;
  private transient TimeSeries series;
  private transient boolean concluded;
  private transient long settledBy = Long.MAX_VALUE;
  private transient boolean settled;

  MetricsSinkOperator(
      StreamOperatorParameters<Tuple2<String, String>> parameters, MetricsSinkSettings settings) {
    super(parameters);
    this.settings = settings;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    journalState =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>("journal", BytePrimitiveArraySerializer.INSTANCE));
    restored = context.isRestored();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    if (journal != null) {
      journalState.update(List.of(journal.state().encode()));
    }
    if (concluded) {
      settledBy = Math.min(settledBy, context.getCheckpointId());
    }
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) throws Exception {
    super.notifyCheckpointComplete(checkpoint);
    settled |= checkpoint >= settledBy;
  }

  @Override
  public void open() throws Exception {
    super.open();
    Workload workload = settings.workload();
    Location folder = settings.output();
    results = new OutputFolder(folder, new StorageOptions(workload.storage().clientOptions()));
    boolean first = !settings.phase().measures() || firstStart();
    results.deleteResults(settings.phase().resultFiles());
    PassJournal.State state = settings.resumable() ? takeUpRun(first) : PassJournal.State.NONE;
    series = new TimeSeries(this::emit, settings.resumable() ? resumptions.startMicros() : 0);
    if (!restored && settings.phase().measures()) {
      results.deleteBelow(SeriesFiles.TIME_SERIES, SeriesFiles.PART);
    }
    Provenance provenance = new Provenance(settings.context());
    ledger =
        switch (settings.phase()) {
          case TRAIN -> train(state);
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

  /**
   * Whether the job has not been started before.
   *
   * @throws RunBegunAgainException if it has, and cannot go on where it was
   */
  private boolean firstStart() throws IOException {
    boolean first =
        FirstStart.claim(results, getRuntimeContext().getJobInfo().getJobId()) && !restored;
    if (!first && !settings.resumable()) {
      throw new SuppressRestartsException(
          new RunBegunAgainException(
              "The job manager was lost, and another began the run again: what it reads now, the"
                  + " first part has read before. A training with --resume would have gone on"));
    }
    return first;
  }

  /** Where the run is: at its beginning, or after a failure. */
  private PassJournal.State takeUpRun(boolean first) throws Exception {
    PassJournal.State state = PassJournal.State.NONE;
    for (byte[] encoded : journalState.get()) {
      state = PassJournal.State.decode(encoded);
    }
    if (first) {
      results.deleteResults(Resumptions.FILES);
      resumptions = Resumptions.begin(results);
    } else {
      resumptions = Resumptions.resume(results, state.firstPass());
    }
    return state;
  }

  private TrainLedger train(PassJournal.State state) throws IOException {
    if (!settings.resumable()) {
      return new TrainLedger(settings, results);
    }
    TrainLedger books = new TrainLedger(settings, results, resumptions);
    journal = new PassJournal(results, settings.ranks(), resumptions.count(), state);
    if (resumptions.count() > 0) {
      books.catchUp(journal);
    }
    return books;
  }

  @Override
  public void processElement(StreamRecord<byte[]> element) throws Exception {
    try {
      accept(element);
    } catch (IOException e) {
      throw new SuppressRestartsException(e);
    }
  }

  private void accept(StreamRecord<byte[]> element) throws IOException {
    MetricsRecord record = MetricsCodec.decode(element.getValue());
    if (settings.recording().timeSeries()) {
      series.accept(record);
    }
    ledger.accept(record);
    if (journal != null) {
      journal.add(record, element.getValue());
    }
  }

  private void emit(SeriesTable table, String row) {
    output.collect(new StreamRecord<>(Tuple2.of(table.tableName(), row)));
  }

  @Override
  public void endInput() throws Exception {
    try {
      conclude();
    } catch (IOException e) {
      // Results that cannot be written would not be written another time.
      throw new SuppressRestartsException(e);
    }
  }

  private void conclude() throws IOException {
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
          forgetRun();
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

  /**
   * A run that has ended is not resumed. It might be until Flink has a checkpoint with its end:
   * with all written, the task may still be lost.
   */
  private void forgetRun() {
    if (settled && settings.resumable()) {
      try {
        results.deleteResults(Resumptions.FILES);
      } catch (IOException e) {
        LOG.warn("Files for resuming the run remain in {}", results.location(), e);
      }
    }
  }

  private void closeBooks() throws IOException {
    if (journal != null) {
      journal.close();
    }
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

  /** Who started the job may know more, and have said so in a report already. */
  private String whyEnded() throws IOException {
    String report = settings.phase().report();
    if (results.exists(report)) {
      try (InputStream in = results.openInput(report)) {
        JsonNode reason = JSON.readTree(in).path("reasons").path(0);
        if (reason.isTextual()) {
          return reason.asText();
        }
      }
    }
    return ABANDONED;
  }

  private void abandon() {
    try {
      if (settings.resumable() && resumptions.overtaken()) {
        return;
      }
      String why = whyEnded();
      publish(VERDICT, "INVALID; because: " + why);
      ledger.abandon(results, why);
    } catch (IOException | RuntimeException e) {
      LOG.warn("No partial report could be written to {}", results.location(), e);
    }
  }
}
